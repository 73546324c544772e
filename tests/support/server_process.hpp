// The real okra-server as a process of its own, on a free port of this machine and with a folder that the test gives
// it. Killed at the end if it still runs.
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <vector>

namespace okra::test {

struct server_options {
    std::vector<std::string> more = {};         // of the command line
    std::vector<std::string> environment = {};  // NAME=value, beside this process's own
    std::optional<std::size_t> open_files_max = {};
    std::filesystem::path log =
        {};  // what it logs, warnings too, goes there; else its errors go where this process's do
};

// It ended before it listened: with an exit code, or 128 + the signal that ended it.
class server_not_started : public std::runtime_error {
public:
    explicit server_not_started(int code)
        : std::runtime_error{"okra-server ended with " + std::to_string(code) + " before it listened"}, exit_code{code}
    {
    }
    int exit_code;
};

class server_process {
public:
    // Waits until it has printed its address. Throws server_not_started when it ends before.
    explicit server_process(const std::filesystem::path& data, const server_options& how = {});
    ~server_process();
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t id() const { return process_; }

    // Bytes of its memory that are in the machine's, and of the addresses that it has.
    [[nodiscard]] std::size_t resident_bytes() const;
    [[nodiscard]] std::size_t address_bytes() const;
    // From now on the system gives it no address beyond so many bytes.
    void limit_addresses(std::size_t bytes) const;

    void signal(int number) const;
    [[nodiscard]] bool is_running() const;
    // Waits for its end: the exit code, or 128 + the signal that ended it.
    int wait();
    void kill_now()
    {
        signal(SIGKILL);
        wait();
    }

private:
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
};

// Runs a program of this build, okra-server or another, to its end.
struct finished_process {
    int exit_code;
    std::string output;  // standard output and error
};
[[nodiscard]] finished_process run_server(const std::vector<std::string>& arguments);
// Another of the project's programs.
[[nodiscard]] finished_process run_program(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace okra::test
