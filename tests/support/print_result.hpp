// Lets Catch2 print results with the errors of this project: `error parent_removed: …`.
#pragma once

#include <string>

#include <catch2/catch_tostring.hpp>

#include "protocol/base/result.hpp"

template <typename Value, typename Error>
struct Catch::StringMaker<boost::system::result<Value, Error>> {
    static std::string convert(const boost::system::result<Value, Error>& it)
    {
        if (it) return "a value";
        if constexpr (requires { name_of(it.error().code); }) {
            return "error " + std::string{name_of(it.error().code)} + ": " + it.error().message;
        } else {
            return "an error";
        }
    }
};
