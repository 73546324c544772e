#include "protocol/wire/client_secret.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace okra::wire {

TEST_CASE("[HS8] a client id is the beginning of the secret's SHA-256 in base64url", "[wire]")
{
    // echo -n SECRET | sha256sum | xxd -r -p | basenc --base64url | cut -c-22
    CHECK(client_of("a-secret-that-nobody-knows-but-its-client-0") == "s-8RjecW6SghDIRsxF9rrvrG");
    CHECK(client_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG") == "s-g0tuZ6q412zO9IRkeAUs8H");
}

TEST_CASE("[HS8] an id is its secret's owner's, or unprotected and without one", "[wire]")
{
    const std::string secret = "a-secret-that-nobody-knows-but-its-client-0";
    const std::string other = "a-secret-that-nobody-knows-but-its-client-1";
    struct row {
        std::string client;
        std::string secret;
        bool may;
    };
    const row rows[] = {
        {client_of(secret), secret, true},
        {client_of(secret), other, false},
        {client_of(secret), "", false},
        {"3fK9aZ_xQ1-bT7uLw0Rm", "", true},
        {"3fK9aZ_xQ1-bT7uLw0Rm", secret, false},  // a client that believes itself protected, and is not
        {"s-", "", true},
        {"s-0123456789012345678901", "", false},
        {"s-012345678901234567890", "", true},  // another length
        {"x-0123456789012345678901", "", true},
    };
    for (const row& it : rows) {
        INFO(it.client << " with \"" << it.secret << '"');
        CHECK(may_be(it.client, it.secret) == it.may);
    }
}

TEST_CASE("[HS8] a secret is longer than any id", "[wire]")
{
    CHECK_FALSE(is_secret(std::string(32, 'a')));
    CHECK(is_secret(std::string(33, 'a')));
    CHECK(is_secret(std::string(64, '-')));
    CHECK_FALSE(is_secret(std::string(65, 'a')));
    CHECK_FALSE(is_secret(std::string(40, 'a') + "é"));
    CHECK_FALSE(is_secret(std::string(40, 'a') + "/"));
}

}  // namespace okra::wire
