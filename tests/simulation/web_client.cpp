#include "tests/simulation/web_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <set>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "protocol/document/name.hpp"
#include "protocol/wire/json_writer.hpp"

namespace okra::simulation {

namespace {

std::string quoted(std::string_view text)
{
    std::string out;
    wire::append_string(out, text);
    return out;
}

simdjson::dom::element parse(simdjson::dom::parser& parser, const std::string& json)
{
    simdjson::dom::element parsed;
    if (parser.parse(json).get(parsed) != simdjson::SUCCESS) throw std::runtime_error{"no JSON: " + json};
    return parsed;
}

template <typename Value>
Value member(simdjson::dom::element of, std::string_view name)
{
    Value value;
    if (of[name].get(value) != simdjson::SUCCESS) {
        throw std::runtime_error{fmt::format("no {} in {}", name, simdjson::to_string(of))};
    }
    return value;
}

std::vector<std::string> texts(simdjson::dom::element of, std::string_view name)
{
    std::vector<std::string> all;
    simdjson::dom::array array;
    if (of[name].get(array) != simdjson::SUCCESS) return all;
    for (const simdjson::dom::element it : array) all.emplace_back(std::string_view{it});
    return all;
}

}  // namespace

// ---- process ----

browser_process::browser_process(const std::string& script)
{
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (pipe(to.data()) != 0 || pipe(from.data()) != 0) throw std::runtime_error{"no pipe"};
    process_ = fork();
    if (process_ < 0) throw std::runtime_error{"no process"};
    if (process_ == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        for (const int it : {to[0], to[1], from[0], from[1]}) close(it);
        execlp("node", "node", script.c_str(), nullptr);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    in_ = to[1];
    out_ = from[0];
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT: its death is told by `ask`
}

browser_process::~browser_process()
{
    close(in_);
    close(out_);
    waitpid(process_, nullptr, 0);
}

std::string browser_process::ask(std::string_view request)
{
    std::string line{request};
    line += '\n';
    for (std::size_t sent = 0; sent < line.size();) {
        const ssize_t now = write(in_, line.data() + sent, line.size() - sent);
        if (now < 0 && errno != EINTR) throw std::runtime_error{"the web client's process is gone"};
        sent += static_cast<std::size_t>(std::max<ssize_t>(now, 0));
    }
    std::size_t end = read_.find('\n');
    while (end == std::string::npos) {
        std::array<char, 64 << 10> chunk;
        const ssize_t got = read(out_, chunk.data(), chunk.size());
        if (got == 0 || (got < 0 && errno != EINTR)) throw std::runtime_error{"the web client's process is gone"};
        if (got < 0) continue;
        const std::size_t before = read_.size();
        read_.append(chunk.data(), static_cast<std::size_t>(got));
        end = read_.find('\n', before);
    }
    std::string answer = read_.substr(0, end);
    read_.erase(0, end + 1);
    answer.reserve(answer.size() + wire::decoder::padding);
    return answer;
}

// ---- tabs ----

// A person at the web client: the tab may die and come again, its storage outlives it.
class web_tab final : public simulated_client {
public:
    web_tab(world& around, browser& in, const oracle& truth, std::string client, std::string document)
        : world_{around}, browser_{in}, truth_{truth}, client_{std::move(client)}, document_{std::move(document)}
    {
        start();
    }

    void act() override
    {
        ++world_.counted.actions;
        const auto& of = world_.how.per_mille;
        if (world_.happens(of.cut)) browser_.cut_of(client_);
        if (world_.happens(of.slow_reader)) {
            browser_.stop_reading_of(client_, static_cast<std::int64_t>(world_.random.below(20'000)));
        }
        if (world_.happens(of.tab_dies)) return die();
        if (world_.happens(of.storage_trouble)) return trouble_storage();
        // Which of two equal words is whose, a snapshot does not tell (RB4): taking back behind one could tear
        // another's.
        const runtime::bounds& keep = world_.how.keep;
        const runtime::bounds usual;
        const bool lossless = keep.tail_revisions < usual.tail_revisions || keep.tail_bytes < usual.tail_bytes ||
                              keep.unread_bytes < usual.unread_bytes;
        const std::string answer =
            browser_.ask(fmt::format(R"({},"seed":{},"lossless":{})", to_client("act"), seed(), lossless));
        const auto told = parse(parser_, answer);
        for (auto& mark : texts(told, "marks")) marks_.insert(std::move(mark));
        for (const auto& mark : texts(told, "gone")) marks_.erase(mark);
    }

    void leave() override { static_cast<void>(browser_.ask(to_client("close"))); }

    void repair() override
    {
        for (const std::string_view what : {"journal_on", "release"}) tell_storage(what);
    }

    [[nodiscard]] std::string describe() const override
    {
        return fmt::format("{} [{}: {} at {} of {}, {} pending]", client_, document_, synced_ ? "synced" : "not synced",
                           at_.value, truth_.content(document_).head().value, pending_);
    }

    [[nodiscard]] bool is_settled() const override
    {
        if (looked_after_ != browser_.requests()) look();
        return synced_ && pending_ == 0 && at_ == truth_.content(document_).head();
    }

    void check(const oracle& truth) override
    {
        look();
        if (!loaded_) return;
        ++world_.counted.views_checked;
        if (consistent_ != "true") throw broken_promise{fmt::format("{}: {}", client_, consistent_)};
        truth.confirmed(document_, at_, hash_, client_);
    }

    void check_settled(const oracle& truth) override
    {
        check(truth);
        ++world_.counted.figures_checked;
        check_figures(document_, truth.figures(document_), figures_, client_);
        for (const std::string& mark : marks_) {
            if (drafted_.contains(mark)) continue;
            const std::size_t times = times_in_note(truth.content(document_), mark);
            if (times != 1) throw broken_promise{fmt::format("{}: {} is there {} times", document_, mark, times)};
        }
    }

private:
    [[nodiscard]] std::string to_client(std::string_view what) const
    {
        return fmt::format(R"({{"do":"{}","client":"{}")", what, client_);
    }
    [[nodiscard]] std::uint64_t seed() { return world_.random.below(1U << 30U); }

    void start()
    {
        static_cast<void>(browser_.ask(fmt::format(R"({},"document":"{}","seed":{},"disk":"{}")", to_client("start"),
                                                   document_, seed(), client_)));
    }

    void die()
    {
        ++world_.counted.tabs_gone;
        const std::string answer =
            browser_.ask(fmt::format(R"({},"arrives":{})", to_client("crash"), world_.random.one_in(2)));
        for (const auto& mark : texts(parse(parser_, answer), "gone")) marks_.erase(mark);
        start();
    }

    void trouble_storage()
    {
        constexpr std::array<std::string_view, 7> troubles{"write",   "begin",       "finish",    "hold",
                                                           "release", "journal_off", "journal_on"};
        tell_storage(troubles[world_.random.below(troubles.size())]);
    }

    void tell_storage(std::string_view what)
    {
        static_cast<void>(browser_.ask(fmt::format(R"({},"what":"{}")", to_client("disk"), what)));
    }

    void look() const
    {
        const std::string answer = browser_.ask(to_client("state"));
        looked_after_ = browser_.requests();
        const auto told = parse(parser_, answer);
        loaded_ = member<bool>(told, "loaded");
        at_ = revision{member<std::uint64_t>(told, "revision")};
        synced_ = member<bool>(told, "synced");
        pending_ = member<std::uint64_t>(told, "pending_ops");
        consistent_ = simdjson::to_string(member<simdjson::dom::element>(told, "consistent"));
        drafted_.clear();
        for (auto& mark : texts(told, "drafted")) drafted_.insert(std::move(mark));

        std::string entities = simdjson::to_string(member<simdjson::dom::element>(told, "confirmed"));
        entities.reserve(entities.size() + wire::decoder::padding);
        const auto& schema = *document::parse_name(document_)->schema;
        auto decoded = decoder_.decode_entities(schema, entities);
        if (!decoded) throw broken_promise{fmt::format("{}: its entities: {}", client_, decoded.error().message)};
        hash_ = loaded_ ? hash_of(schema, std::move(*decoded)) : 0;

        std::string figures =
            fmt::format(R"({{"type":"derived","document":"{}","revision":0,"derived":{}}})", document_,
                        simdjson::to_string(member<simdjson::dom::element>(told, "figures")));
        figures.reserve(figures.size() + wire::decoder::padding);
        const auto message = decoder_.decode_server(figures);
        if (!message) throw broken_promise{fmt::format("{}: its figures: {}", client_, message.error().why.message)};
        figures_.clear();
        document::apply(figures_, std::get<wire::derived>(*message).figures);
    }

    // They come by id; a document takes parents before their children.
    [[nodiscard]] std::uint64_t hash_of(const document::document_schema& schema,
                                        std::vector<document::entity> entities) const
    {
        std::set<document::entity_id> placed{document::entity_id{}};
        std::vector<document::entity> ordered;
        while (!entities.empty()) {
            const auto before = ordered.size();
            std::erase_if(entities, [&](document::entity& it) {
                if (!placed.contains(it.parent)) return false;
                placed.insert(it.id);
                ordered.push_back(std::move(it));
                return true;
            });
            if (ordered.size() == before) throw broken_promise{client_ + " has an entity without a parent"};
        }
        document::document content{schema};
        if (const auto loaded = content.load(at_, std::move(ordered)); !loaded) {
            throw broken_promise{fmt::format("{}: {}", client_, loaded.error().message)};
        }
        return content.hash();
    }

    world& world_;
    browser& browser_;
    const oracle& truth_;
    const std::string client_;
    const std::string document_;
    std::set<std::string> marks_;  // typed and not taken back

    // What it said when it was looked at last.
    mutable std::uint64_t looked_after_ = 0;
    mutable bool loaded_ = false;  // until then it may hold a part of the document
    mutable revision at_;
    mutable bool synced_ = false;
    mutable std::uint64_t pending_ = 0;
    mutable std::string consistent_;
    mutable std::set<std::string> drafted_;
    mutable std::uint64_t hash_ = 0;
    mutable document::figure_table figures_;
    mutable wire::decoder decoder_;
    mutable simdjson::dom::parser parser_;
};

// ---- browser ----

browser::browser(world& around, simulated_server& server, oracle& truth, browser_process& process)
    : world_{around}, server_{server}, truth_{truth}, process_{process}, told_ms_{now()}
{
    static_cast<void>(process_.ask(fmt::format(R"({{"do":"reset","now":{}}})", told_ms_)));
}

browser::~browser()
{
    for (const auto& [number, it] : wires_) it.wire->abandon();
}

std::unique_ptr<simulated_client> browser::open_tab(const std::string& client, const std::string& document)
{
    return std::make_unique<web_tab>(world_, *this, truth_, client, document);
}

// Its clock does not jump: the server's does.
std::int64_t browser::now() const
{
    return begins_ms + world_.clock.steady_ms();
}

void browser::tell_time()
{
    if (now() == told_ms_) return;
    told_ms_ = now();
    static_cast<void>(exchange(fmt::format(R"({{"do":"advance","to":{}}})", told_ms_)));
}

std::string browser::ask(std::string request)
{
    tell_time();
    return exchange(request + '}');
}

std::string browser::exchange(std::string_view request)
{
    ++requests_;
    std::string answer = process_.ask(request);
    carry_out(answer);
    return answer;
}

void browser::carry_out(const std::string& answer)
{
    simdjson::dom::parser parser;
    const auto told = parse(parser, answer);
    std::string_view error;
    if (told["error"].get(error) == simdjson::SUCCESS) throw broken_promise{fmt::format("the web client: {}", error)};
    for (const simdjson::dom::element it : member<simdjson::dom::array>(told, "out")) {
        const auto number = member<std::uint64_t>(it, "wire");
        const auto what = member<std::string_view>(it, "do");
        if (what == "connect") {
            wire_user& self = *this;
            open_wire made{.wire = std::make_shared<simulated_wire>(number, world_, server_, self),
                           .client = std::string{member<std::string_view>(it, "client")}};
            made.wire->connect();
            wires_.emplace(number, std::move(made));
            continue;
        }
        const auto found = wires_.find(number);
        if (found == wires_.end()) continue;  // it was closed by the network meanwhile
        if (what == "send") {
            const auto text = member<std::string_view>(it, "text");
            world_.trace(found->second.client, "→", text);
            if (text.starts_with(R"({"type":"diverged")")) {
                throw broken_promise{
                    fmt::format("{} was told a hash that is not its own: {}", found->second.client, text)};
            }
            found->second.wire->send(std::string{member<std::string_view>(it, "text")});
        } else {
            found->second.wire->close();
            wires_.erase(found);
        }
    }
    std::int64_t next = 0;
    if (told["next"].get(next) == simdjson::SUCCESS) set_timer(next);
}

void browser::set_timer(std::int64_t at_ms)
{
    if (timer_ms_ && *timer_ms_ <= at_ms) return;
    timer_ms_ = at_ms;
    world_.later.in(std::max<std::int64_t>(at_ms - now(), 0), [this, here = std::weak_ptr{here_}, at_ms] {
        if (here.expired() || timer_ms_ != at_ms) return;
        timer_ms_.reset();
        tell_time();
    });
}

void browser::on_opened(std::uint64_t wire)
{
    tell_time();  // a timer may have closed it
    if (wires_.contains(wire)) static_cast<void>(ask(fmt::format(R"({{"do":"opened","wire":{})", wire)));
}

void browser::on_message(std::uint64_t wire, std::string_view text)
{
    tell_time();
    if (!wires_.contains(wire)) return;
    world_.trace(wires_.at(wire).client, "←", text);
    std::string json{text};
    json.reserve(json.size() + wire::decoder::padding);
    const auto message = decoder_.decode_server(json);
    if (!message) throw broken_promise{fmt::format("the server said what cannot be read: {}", text)};
    truth_.told(*message, wires_.at(wire).client);
    if (std::holds_alternative<wire::refused>(*message)) ++world_.counted.refusals;
    static_cast<void>(ask(fmt::format(R"({{"do":"message","wire":{},"text":{})", wire, quoted(text))));
}

void browser::on_closed(std::uint64_t wire, std::optional<std::uint16_t> code)
{
    tell_time();
    if (wires_.erase(wire) == 0) return;
    const std::string how = code ? fmt::format("{}", *code) : "null";
    static_cast<void>(ask(fmt::format(R"({{"do":"closed","wire":{},"code":{})", wire, how)));
}

void browser::cut_of(const std::string& client)
{
    for (const auto& [number, it] : wires_) {
        if (it.client == client) it.wire->cut();
    }
}

void browser::stop_reading_of(const std::string& client, std::int64_t ms)
{
    for (const auto& [number, it] : wires_) {
        if (it.client == client) it.wire->stop_reading_for(ms);
    }
}

}  // namespace okra::simulation
