#include "tools/check/witness.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "protocol/base/overloaded.hpp"

namespace okra::check {

witness::witness(findings& found, ledger& book, std::string document, listener who)
    : found_{found}, book_{book}, document_{std::move(document)}, who_{std::move(who)}
{
    book_.joins(who_.client);
}

void witness::asks(const std::optional<wire::resume_point>& from)
{
    has_asked_ = true;
    from_ = from;
}

void witness::is_attentive(bool it)
{
    who_.attentive_since = it ? std::optional{clock::now()} : std::nullopt;
}

void witness::hears(const wire::server_message& message)
{
    std::visit(overloaded{[&](const wire::opened& it) {
                              if (it.document == document_) on_opened(it);
                          },
                          [&](const wire::part& it) {
                              if (it.document == document_) document::apply(figures_, it.derived);
                          },
                          [&](const wire::commit& it) {
                              if (it.document == document_) on_commit(it);
                          },
                          [&](const wire::derived& it) {
                              if (it.document == document_) document::apply(figures_, it.figures);
                          },
                          [&](const wire::presence_news& it) {
                              if (it.document == document_) on_people(it.people);
                          },
                          [](const wire::welcome&) {}, [](const wire::refused&) {}, [](const wire::notice&) {},
                          [](const wire::bye&) {}, [](const wire::pong&) {}, [](const wire::audit&) {}},
               message);
}

void witness::on_opened(const wire::opened& it)
{
    const bool asked = std::exchange(has_asked_, false);
    const auto from = std::exchange(from_, std::nullopt);
    if (it.mode == wire::open_mode::snapshot) {
        figures_.clear();
    } else if (asked && from) {
        found_.expect(promise::resumes, it.at == from->at && it.recovered,
                      fmt::format("{} came back with revision {} and was to go on from {}", who_.name, from->at.value,
                                  it.at.value));
    } else if (it.at != has_) {
        found_.broken(promise::in_order,
                      fmt::format("{} has revision {} and was to go on from {}", who_.name, has_.value, it.at.value));
    }
    has_ = it.at;
    opened_ = it;
    people_.clear();
    for (const auto& person : it.people) people_.insert_or_assign(person.session, person);
    if (const auto* done = std::get_if<wire::committed_outcome>(&it.last)) {
        book_.acknowledged(who_.client, it.seq, done->at);
    }
}

void witness::on_commit(const wire::commit& it)
{
    revision at{it.last.value - std::min<std::uint64_t>(it.last.value, it.changes.size())};
    if (at > has_) {
        found_.broken(promise::in_order, fmt::format("{} has revision {} and was sent {}: what is between is missing",
                                                     who_.name, has_.value, at.next().value));
    }
    for (const auto& change : it.changes) {
        at = at.next();
        if (at <= has_) {
            found_.broken(promise::in_order,
                          fmt::format("{} was sent revision {} again, having {}", who_.name, at.value, has_.value));
            continue;
        }
        found_.kept(promise::in_order);
        has_ = at;
        book_.told(who_, at, change);
    }
    document::apply(figures_, it.derived);
    on_people(it.people);
}

void witness::on_people(const wire::presence_delta& news)
{
    for (const auto& person : news.people) people_.insert_or_assign(person.session, person);
    for (const auto session : news.gone) people_.erase(session);
}

}  // namespace okra::check
