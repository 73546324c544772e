#include "server/runtime/workspace_list.hpp"

#include <utility>
#include <variant>

#include "protocol/document/name.hpp"
#include "protocol/wire/json_writer.hpp"
#include "server/runtime/clock.hpp"

namespace okra::runtime {

namespace {

constexpr std::size_t listed_max = 100;

// Names can be made without a workspace behind them; one look at the log for each is some microseconds.
constexpr std::size_t looked_at_max = 5'000;

// Beyond it all are forgotten, and read again.
constexpr std::size_t titles_max = 10'000;

std::string title_of(const document::document& workspace)
{
    const auto& fields = workspace.root().fields;
    const auto found = fields.find("name");
    const std::string* text = found == fields.end() ? nullptr : std::get_if<std::string>(&found->second.value);
    return text == nullptr ? std::string{} : *text;
}

}  // namespace

std::optional<workspace_titles::title> workspace_titles::of(std::string_view workspace)
{
    const std::scoped_lock lock{mutex_};
    const auto found = titles_.find(workspace);
    if (found != titles_.end()) return found->second;
    if (titles_.size() == titles_max) titles_.clear();
    titles_.emplace(workspace, std::nullopt);
    return std::nullopt;
}

void workspace_titles::tell(std::string_view workspace, const document::document& now)
{
    const std::scoped_lock lock{mutex_};
    const auto found = titles_.find(workspace);
    if (found == titles_.end() || (found->second && found->second->at >= now.head())) return;
    found->second = title{.at = now.head(), .name = title_of(now)};
}

std::optional<std::string> workspace_list::go_on(std::int64_t turn_us)
{
    const std::int64_t begin_us = steady_clock_us();
    while (listed_ < listed_max && looked_at_ < looked_at_max) {
        if (!load_ && !take_next()) break;
        if (load_ && !load_some(turn_us)) return std::nullopt;
        if (steady_clock_us() - begin_us > turn_us) return std::nullopt;
    }
    return std::move(json_) + ']';
}

// False: there is none.
bool workspace_list::take_next()
{
    // '~' sorts behind all that names may hold: on to the next workspace.
    const auto found = log_.documents("", workspace_.empty() ? "" : workspace_ + "/~", 1);
    if (!found || found->empty()) return false;
    ++looked_at_;
    const std::string_view first = found->front();
    workspace_ = first.substr(0, first.find('/'));
    auto name = document::parse_name(workspace_ + "/workspace");
    if (!name) return true;
    if (const auto known = titles_.of(workspace_)) {
        add(*known);
    } else {
        load_.emplace(log_, *std::move(name));
    }
    return true;
}

// False: there is more of it.
bool workspace_list::load_some(std::int64_t turn_us)
{
    const auto loaded = load_->go_on({.us = turn_us});
    if (!loaded) return false;
    load_.reset();
    if (!*loaded) return true;
    titles_.tell(workspace_, (*loaded)->content);
    if (const auto known = titles_.of(workspace_)) add(*known);
    return true;
}

void workspace_list::add(const workspace_titles::title& it)
{
    if (it.at == revision{}) return;
    if (listed_++ != 0) json_ += ',';
    json_ += R"({"id":)";
    wire::append_string(json_, workspace_);
    json_ += R"(,"name":)";
    wire::append_string(json_, it.name);
    json_ += '}';
}

}  // namespace okra::runtime
