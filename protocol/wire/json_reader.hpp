// Reads one JSON text with simdjson on demand. Private to protocol/wire; one thread.
//
// The first failure sticks: from then on every read does nothing and gives an empty value, so that the code above reads
// straight on and asks once, at its end, whether it `failed`. After a failure simdjson is not touched again.
//
// simdjson's own strings are not used: it accepts lone surrogates in some places (3.0), and its buffer for unescaped
// strings is not made for reading a text twice. Numbers are parsed here too, to tell "not JSON" from "too large".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "protocol/document/errors.hpp"

namespace okra::wire {

using json_value = simdjson::ondemand::value;
using json_object = simdjson::ondemand::object;
using json_type = simdjson::ondemand::json_type;

// The largest whole number that a double, and so JavaScript, holds exactly together with all below it.
inline constexpr std::uint64_t integer_max = 1ULL << 53U;

struct integer_range {
    std::uint64_t min = 0;
    std::uint64_t max = integer_max;
};

class json_reader {
public:
    // Both must outlive the reader; behind `text` lie `decoder::padding` readable bytes.
    json_reader(simdjson::ondemand::parser& parser, std::span<char> text);
    json_reader(const json_reader&) = delete;
    json_reader& operator=(const json_reader&) = delete;

    // ---- failures ----

    [[nodiscard]] bool failed() const { return failure_.has_value(); }
    [[nodiscard]] const refusal& failure() const { return *failure_; }
    void fail(refusal_code code, std::string message);
    // What follows a failure of content can still be read; one of syntax stays.
    void forget_failure()
    {
        if (!broken_) failure_.reset();
    }
    // Failures while an index is set carry it as their `op_index`.
    void set_op_index(std::optional<std::uint32_t> index) { op_index_ = index; }
    void require(bool given, std::string_view member);

    // ---- structure ----

    template <typename Read>  // void(json_object&)
    void root_object(Read&& read);
    template <typename Read>  // void(json_value&)
    void root_array(Read&& read);
    template <typename Read>  // void(std::string_view name, json_value&)
    void members(json_object& object, Read&& read);
    template <typename Read>
    void members(json_value& value, std::string_view name, Read&& read);
    template <typename Read>  // void(json_value&)
    void elements(json_value& value, std::string_view name, Read&& read);

    // The string member that says what an object is, wherever it stands (the first, if there are several); reading
    // then starts anew. Empty when there is none or it is no string. Good until the next call.
    [[nodiscard]] std::string_view tag(json_object& object, std::string_view name);

    // Steps over a value, checking that it is JSON and not nested deeper than the limit.
    void ignore(json_value& value);

    // ---- values; `name` is for the message of a failure ----

    [[nodiscard]] json_type type_of(json_value& value);
    [[nodiscard]] bool is_null(json_value& value) { return type_of(value) == json_type::null && !failed(); }

    // Good until the next string is read.
    [[nodiscard]] std::string_view text_view(json_value& value, std::string_view name);
    [[nodiscard]] std::string text(json_value& value, std::string_view name)
    {
        return std::string{text_view(value, name)};
    }
    [[nodiscard]] std::string id(json_value& value, std::string_view name);
    [[nodiscard]] std::string reference(json_value& value, std::string_view name);
    [[nodiscard]] bool boolean(json_value& value, std::string_view name);
    // Within the limit for numbers in documents; and any at all.
    [[nodiscard]] double number(json_value& value, std::string_view name);
    [[nodiscard]] double finite_number(json_value& value, std::string_view name);
    [[nodiscard]] std::uint64_t integer(json_value& value, std::string_view name, integer_range range = {});
    [[nodiscard]] std::uint32_t small_integer(json_value& value, std::string_view name);

private:
    void syntax(simdjson::error_code error);
    [[nodiscard]] bool check(simdjson::error_code error);
    [[nodiscard]] bool check_root(simdjson::error_code error);
    [[nodiscard]] bool expect(json_value& value, json_type type, std::string_view name, std::string_view wanted);
    void expect_end();
    [[nodiscard]] std::string_view unescaped(simdjson::ondemand::raw_json_string raw, std::string& buffer);
    [[nodiscard]] std::string_view key_of(const simdjson::ondemand::field& field, std::string& buffer);
    [[nodiscard]] std::optional<double> number_token(json_value& value);

    simdjson::ondemand::document document_;
    std::optional<refusal> failure_;
    bool broken_ = false;  // the failure is one of syntax
    std::optional<std::uint32_t> op_index_;
    std::string string_buffer_;
    std::string tag_buffer_;
};

template <typename Read>
void json_reader::root_object(Read&& read)
{
    if (failed()) return;
    json_object object;
    if (!check_root(document_.get_object().get(object))) return;
    read(object);
    expect_end();
}

template <typename Read>
void json_reader::root_array(Read&& read)
{
    if (failed()) return;
    simdjson::ondemand::array array;
    if (!check_root(document_.get_array().get(array))) return;
    for (auto found : array) {
        json_value value;
        if (!check(std::move(found).get(value))) return;
        read(value);
        if (failed()) return;
    }
    expect_end();
}

template <typename Read>
void json_reader::members(json_object& object, Read&& read)
{
    if (failed()) return;
    std::string key_buffer;  // of this object: a nested one must not overwrite the name that is being read
    for (auto found : object) {
        simdjson::ondemand::field field;
        if (!check(std::move(found).get(field))) return;
        const std::string_view key = key_of(field, key_buffer);
        if (failed()) return;
        read(key, field.value());
        if (failed()) return;
    }
}

template <typename Read>
void json_reader::members(json_value& value, std::string_view name, Read&& read)
{
    if (!expect(value, json_type::object, name, "an object")) return;
    json_object object;
    if (!check(value.get_object().get(object))) return;
    members(object, read);
}

template <typename Read>
void json_reader::elements(json_value& value, std::string_view name, Read&& read)
{
    if (!expect(value, json_type::array, name, "an array")) return;
    simdjson::ondemand::array array;
    if (!check(value.get_array().get(array))) return;
    for (auto found : array) {
        json_value element;
        if (!check(std::move(found).get(element))) return;
        read(element);
        if (failed()) return;
    }
}

}  // namespace okra::wire
