#include "protocol/wire/json_reader.hpp"

#include <cmath>
#include <new>

#include "protocol/document/name.hpp"
#include "protocol/document/schema.hpp"
#include "protocol/wire/decode.hpp"
#include "protocol/wire/json_text.hpp"

namespace okra::wire {
namespace {

static_assert(decoder::padding >= simdjson::SIMDJSON_PADDING);

using simdjson::ondemand::raw_json_string;

std::string quoted(std::string_view name, std::string_view what)
{
    std::string message;
    message.reserve(name.size() + what.size() + 3);
    message += '`';
    message += name;
    message += "` ";
    message += what;
    return message;
}

// What stands between the quotes. simdjson has seen the closing one, and knows escaped quotes as this does.
struct string_inside {
    std::string_view raw;
    bool escaped = false;
};

string_inside inside_of(raw_json_string it)
{
    const char* const begin = it.raw();
    const char* end = begin;
    bool escaped = false;
    for (; *end != '"'; ++end) {
        if (*end != '\\') continue;
        escaped = true;
        ++end;
    }
    return {{begin, static_cast<std::size_t>(end - begin)}, escaped};
}

bool is_whole(double value)
{
    return value == std::trunc(value);
}

}  // namespace

json_reader::json_reader(simdjson::ondemand::parser& parser, std::span<char> text)
{
    const auto error = parser.iterate(text.data(), text.size(), text.size() + decoder::padding).get(document_);
    if (error != simdjson::SUCCESS) syntax(error);
}

void json_reader::fail(refusal_code code, std::string message)
{
    if (!failed()) failure_ = refusal{code, std::move(message), op_index_};
}

void json_reader::require(bool given, std::string_view member)
{
    if (!given && !failed()) fail(refusal_code::malformed, quoted(member, "is missing"));
}

void json_reader::syntax(simdjson::error_code error)
{
    if (error == simdjson::MEMALLOC) throw std::bad_alloc{};  // says nothing about the text
    broken_ = true;
    if (error == simdjson::UTF8_ERROR) {
        fail(refusal_code::invalid_unicode, "not valid UTF-8");
    } else {
        // simdjson's own words would depend on what lies in memory behind the message.
        fail(refusal_code::malformed, "not JSON");
    }
}

bool json_reader::check(simdjson::error_code error)
{
    if (error != simdjson::SUCCESS) syntax(error);
    return error == simdjson::SUCCESS;
}

bool json_reader::check_root(simdjson::error_code error)
{
    if (error != simdjson::INCORRECT_TYPE) return check(error);
    fail(refusal_code::malformed, "of another type than it should be");
    return false;
}

bool json_reader::expect(json_value& value, json_type type, std::string_view name, std::string_view wanted)
{
    if (type_of(value) == type && !failed()) return true;
    if (!failed()) fail(refusal_code::malformed, quoted(name, "must be ") + std::string{wanted});
    return false;
}

void json_reader::expect_end()
{
    if (failed()) return;
    // simdjson says "out of bounds" when nothing is left.
    if (document_.current_location().error() != simdjson::OUT_OF_BOUNDS) syntax(simdjson::TRAILING_CONTENT);
}

// ---- structure ----

std::string_view json_reader::key_of(const simdjson::ondemand::field& field, std::string& buffer)
{
    const string_inside name = inside_of(field.key());
    if (!name.escaped) return name.raw;
    buffer.clear();
    // A name with half a surrogate pair is none that we know: it is ignored as any other unknown one.
    if (append_unescaped(buffer, name.raw) == string_fault::not_json) syntax(simdjson::STRING_ERROR);
    return buffer;
}

std::string_view json_reader::tag(json_object& object, std::string_view name)
{
    if (failed()) return {};
    std::string_view found_tag;
    for (auto found : object) {
        simdjson::ondemand::field field;
        if (!check(std::move(found).get(field))) return {};
        if (key_of(field, tag_buffer_) != name) continue;
        raw_json_string raw;
        if (field.value().get_raw_json_string().get(raw) == simdjson::SUCCESS) found_tag = unescaped(raw, tag_buffer_);
        break;
    }
    if (failed() || !check(object.reset().error())) return {};
    return found_tag;
}

void json_reader::ignore(json_value& value)
{
    const bool too_deep = value.current_depth() > static_cast<std::int32_t>(document::limits::json_depth);
    switch (type_of(value)) {
        case json_type::object:
            if (too_deep) return fail(refusal_code::too_deep, "nested too deep");
            return members(value, {}, [this](std::string_view, json_value& member) { ignore(member); });
        case json_type::array:
            if (too_deep) return fail(refusal_code::too_deep, "nested too deep");
            return elements(value, {}, [this](json_value& element) { ignore(element); });
        case json_type::string: {
            raw_json_string raw;
            if (!check(value.get_raw_json_string().get(raw))) return;
            const string_inside it = inside_of(raw);
            if (!it.escaped) return;
            string_buffer_.clear();
            if (append_unescaped(string_buffer_, it.raw) == string_fault::not_json) syntax(simdjson::STRING_ERROR);
            return;
        }
        case json_type::number:
            (void)number_token(value);
            return;
        case json_type::boolean:
            (void)boolean(value, {});
            return;
        case json_type::null:
            return;
    }
}

// ---- values ----

// Null is checked here to its last letter, because nothing reads it later.
json_type json_reader::type_of(json_value& value)
{
    json_type type = json_type::null;
    if (failed() || !check(value.type().get(type))) return json_type::null;
    if (type == json_type::null) {
        bool whole = false;
        (void)check(value.is_null().get(whole));
    }
    return type;
}

std::string_view json_reader::unescaped(raw_json_string raw, std::string& buffer)
{
    const string_inside it = inside_of(raw);
    if (!it.escaped) return it.raw;
    buffer.clear();
    switch (append_unescaped(buffer, it.raw)) {
        case string_fault::none:
            return buffer;
        case string_fault::nul:
            fail(refusal_code::invalid_value, "U+0000 is not allowed in a string");
            return {};
        case string_fault::lone_surrogate:
            fail(refusal_code::invalid_unicode, "half of a surrogate pair stands alone");
            return {};
        case string_fault::not_json:
            syntax(simdjson::STRING_ERROR);
            return {};
    }
    return {};
}

std::string_view json_reader::text_view(json_value& value, std::string_view name)
{
    if (!expect(value, json_type::string, name, "a string")) return {};
    raw_json_string raw;
    if (!check(value.get_raw_json_string().get(raw))) return {};
    return unescaped(raw, string_buffer_);
}

std::string json_reader::id(json_value& value, std::string_view name)
{
    const std::string_view it = text_view(value, name);
    if (failed()) return {};
    if (document::is_id(it)) return std::string{it};
    fail(refusal_code::invalid_value, quoted(name, "is not an id"));
    return {};
}

std::string json_reader::reference(json_value& value, std::string_view name)
{
    const std::string_view it = text_view(value, name);
    if (failed()) return {};
    if (document::is_reference(it)) return std::string{it};
    fail(refusal_code::invalid_value, quoted(name, "is not a reference"));
    return {};
}

bool json_reader::boolean(json_value& value, std::string_view name)
{
    if (!expect(value, json_type::boolean, name, "true or false")) return false;
    bool it = false;
    (void)check(value.get_bool().get(it));
    return it;
}

// Nothing after a failure, and for what a double cannot hold.
std::optional<double> json_reader::number_token(json_value& value)
{
    std::string_view token = value.raw_json_token();
    token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    if (!is_json_number(token)) {
        syntax(simdjson::NUMBER_ERROR);
        return std::nullopt;
    }
    return value_of_number(token);
}

double json_reader::finite_number(json_value& value, std::string_view name)
{
    if (!expect(value, json_type::number, name, "a number")) return 0;
    const auto it = number_token(value);
    if (it || failed()) return it.value_or(0);
    fail(refusal_code::out_of_range, quoted(name, "is beyond what a number may be"));
    return 0;
}

double json_reader::number(json_value& value, std::string_view name)
{
    const double it = finite_number(value, name);
    if (failed() || std::abs(it) <= document::limits::number_magnitude) return it;
    fail(refusal_code::out_of_range, quoted(name, "is beyond what a number may be"));
    return 0;
}

std::uint64_t json_reader::integer(json_value& value, std::string_view name, integer_range range)
{
    if (!expect(value, json_type::number, name, "a whole number")) return range.min;
    const auto it = number_token(value);
    if (failed()) return range.min;
    if (it && !is_whole(*it)) {
        fail(refusal_code::malformed, quoted(name, "must be a whole number"));
        return range.min;
    }
    if (it && *it >= static_cast<double>(range.min) && *it <= static_cast<double>(range.max)) {
        return static_cast<std::uint64_t>(*it);
    }
    fail(refusal_code::out_of_range,
         quoted(name, "must be from ") + std::to_string(range.min) + " to " + std::to_string(range.max));
    return range.min;
}

std::uint32_t json_reader::small_integer(json_value& value, std::string_view name)
{
    return static_cast<std::uint32_t>(integer(value, name, {.max = UINT32_MAX}));
}

}  // namespace okra::wire
