#include "server/runtime/log.hpp"

#include <iterator>
#include <memory>
#include <string>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "protocol/base/assert.hpp"
#include "protocol/base/overloaded.hpp"
#include "protocol/base/printable.hpp"

namespace okra::runtime::log {

namespace {

struct state {
    std::shared_ptr<spdlog::logger> logger;
    format as = format::text;
};

// Written by `start` before there are other threads, read only afterwards.
state& current()
{
    static state it;
    return it;
}

spdlog::level::level_enum level_of(level it)
{
    switch (it) {
        case level::debug:
            return spdlog::level::debug;
        case level::info:
            return spdlog::level::info;
        case level::warning:
            return spdlog::level::warn;
        case level::error:
            return spdlog::level::err;
    }
    OKRA_ASSERT(false);
}

std::string_view name_of(level it)
{
    switch (it) {
        case level::debug:
            return "debug";
        case level::info:
            return "info";
        case level::warning:
            return "warning";
        case level::error:
            return "error";
    }
    OKRA_ASSERT(false);
}

// Printable in both formats, so that a line stays a line whatever a peer has put into its name, and a terminal that
// shows the log does not obey it.
void append_quoted(std::string& out, std::string_view text)
{
    std::string escaped;
    for (const char it : text) {
        if (it == '"' || it == '\\') escaped.push_back('\\');
        escaped.push_back(it);
    }
    out.push_back('"');
    out += printable(escaped);
    out.push_back('"');
}

bool is_plain(std::string_view text)
{
    constexpr std::string_view others = "-_.:/+[]@,";
    for (const char it : text) {
        const bool alphanumeric = (it >= '0' && it <= '9') || (it >= 'a' && it <= 'z') || (it >= 'A' && it <= 'Z');
        if (!alphanumeric && others.find(it) == std::string_view::npos) return false;
    }
    return !text.empty();
}

void append_value(std::string& out, const field::value& what, format as)
{
    std::visit(overloaded{[&](std::string_view text) {
                              if (as == format::text && is_plain(text)) {
                                  out.append(text);
                              } else {
                                  append_quoted(out, text);
                              }
                          },
                          [&](const auto& other) { fmt::format_to(std::back_inserter(out), "{}", other); }},
               what);
}

std::string timestamp()
{
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const auto milliseconds = now.time_since_epoch().count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(now)),
                       milliseconds);
}

// text := time level event (key=value)*
// json := {"at":time,"level":level,"event":event,key:value,…}
std::string line_of(level severity, std::string_view event, fields with, format as)
{
    std::string line;
    auto out = std::back_inserter(line);
    if (as == format::text) {
        fmt::format_to(out, "{} {:7} {}", timestamp(), name_of(severity), event);
    } else {
        fmt::format_to(out, R"({{"at":"{}","level":"{}","event":"{}")", timestamp(), name_of(severity), event);
    }
    for (const field& it : with) {
        if (as == format::text) {
            fmt::format_to(out, " {}=", it.key);
        } else {
            fmt::format_to(out, R"(,"{}":)", it.key);
        }
        append_value(line, it.what, as);
    }
    if (as == format::json) line.push_back('}');
    return line;
}

void write(level severity, std::string_view event, fields with)
{
    const state& it = current();
    if (!it.logger || !it.logger->should_log(level_of(severity))) return;
    it.logger->log(level_of(severity), line_of(severity, event, with, it.as));
}

}  // namespace

void start(options it)
{
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("okra", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(level_of(it.least));
    logger->flush_on(spdlog::level::debug);
    current() = {.logger = std::move(logger), .as = it.as};
}

void debug(std::string_view event, fields with)
{
    write(level::debug, event, with);
}
void info(std::string_view event, fields with)
{
    write(level::info, event, with);
}
void warning(std::string_view event, fields with)
{
    write(level::warning, event, with);
}
void error(std::string_view event, fields with)
{
    write(level::error, event, with);
}

}  // namespace okra::runtime::log
