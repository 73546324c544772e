#include "server/runtime/loader.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

using okra::runtime::loader;

namespace {

struct noted_loader {
    loader it;
    std::string done;

    void post(loader::kind what, std::uint64_t session, char name)
    {
        it.post(what, session, [this, name] { done += name; });
    }
    std::string run()
    {
        while (it.step()) {
        }
        return done;
    }
};

}  // namespace

TEST_CASE("a session that asks for much waits for itself, not others for it", "[loader]")
{
    noted_loader reads;
    for (const char name : {'a', 'b', 'c', 'd'}) reads.post(loader::kind::piece, 1, name);
    reads.post(loader::kind::piece, 2, 'X');
    reads.post(loader::kind::piece, 3, 'Y');
    reads.post(loader::kind::piece, 2, 'Z');
    CHECK(reads.run() == "aXYbZcd");
}

TEST_CASE("what is left of a document comes after others' turns, and before what its session asked for later",
          "[loader]")
{
    noted_loader reads;
    reads.it.post(loader::kind::document, 1, [&] {
        reads.done += 'a';
        reads.it.post_rest(loader::kind::document, 1, [&] { reads.done += 'A'; });
    });
    reads.post(loader::kind::document, 1, 'b');
    reads.post(loader::kind::document, 2, 'X');
    reads.post(loader::kind::document, 2, 'Y');
    CHECK(reads.run() == "aXAYb");
}

TEST_CASE("a row does not wait for pieces and documents", "[loader]")
{
    noted_loader reads;
    reads.post(loader::kind::document, 1, 'D');
    reads.post(loader::kind::piece, 1, 'p');
    reads.post(loader::kind::outcome, 2, 'o');
    CHECK(reads.run() == "oDp");
}

TEST_CASE("what waits when the loader stops is dropped", "[loader]")
{
    noted_loader reads;
    reads.post(loader::kind::outcome, 1, 'o');
    reads.it.stop();
    reads.post(loader::kind::outcome, 1, 'o');
    CHECK(reads.run().empty());
}
