#include "tools/check/run.hpp"

#include <optional>

#include "tools/check/crew.hpp"
#include "tools/check/probes.hpp"
#include "tools/check/scratch.hpp"

namespace okra::check {

namespace {

using outcome = result<void, failure>;

// The order matters: first what needs nothing but people who are there, then the probes, whose changes are in the books
// like everybody's, then the editing, and at the end what it came to.
outcome put_to_test(const setting& in, crew& all)
{
    if (auto done = all.assemble(); !done) return done;
    if (auto done = all.see_each_other(); !done) return done;
    for (const auto probe :
         {try_bad_messages, try_bad_changes, try_resends, try_viewing, try_impersonating, try_resuming}) {
        if (auto done = probe(in); !done) return done;
    }
    if (auto done = all.edit(); !done) return done;
    if (auto done = all.settle(); !done) return done;
    if (auto done = all.let_slow_reader_read(); !done) return done;
    if (auto done = all.compare(); !done) return done;
    return all.see_one_leave();
}

void take_over(report& out, const crew& all, const ledger& book)
{
    const auto totals = all.totals();
    out.server = all.server();
    out.cuts = totals.cuts;
    out.losses = totals.losses;
    out.refused = totals.refused;
    out.sent_twice = totals.sent_twice;
    out.changes = book.sent_count();
    out.revisions = book.head().value - book.begin().value;
    out.to_durable = book.to_durable();
    out.to_seen = book.to_seen();
}

}  // namespace

report run(const check_options& options)
{
    const auto begin = clock::now();
    report out;
    out.document = scratch::plan_name(options.workspace);
    out.clients = options.clients;
    auto content = scratch::prepare(options, out.document);
    if (!content) {
        out.stopped = content.error().message;
        return out;
    }
    ledger book{out.found, std::move(*content)};
    {
        const client::event_loop loop;
        const setting in{options, out.document, out.found, book, loop};
        crew all{in};
        if (const auto done = put_to_test(in, all); !done) out.stopped = done.error().message;
        take_over(out, all, book);
    }
    if (const auto cleaned = scratch::clean(options, out.document); !cleaned) out.left = cleaned.error().message;
    out.is_clean = out.left.empty();
    out.seconds = std::chrono::duration<double>(clock::now() - begin).count();
    return out;
}

}  // namespace okra::check
