// The real okra-server as a process of its own, on a free port of this machine and with a folder that the test gives
// it. Killed at the end if it still runs.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace okra::test {

class server_process {
public:
    // Waits until it has printed its address. Throws when it ends before.
    // `log`: what it logs, warnings too, goes there; else its errors go where this process's do.
    explicit server_process(const std::filesystem::path& data, const std::vector<std::string>& more = {},
                            const std::filesystem::path& log = {});
    ~server_process();
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t id() const { return process_; }

    void signal(int number) const;
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

// Runs okra-server to its end.
struct finished_process {
    int exit_code;
    std::string output;  // standard output and error
};
[[nodiscard]] finished_process run_server(const std::vector<std::string>& arguments);
// Another of the project's programs.
[[nodiscard]] finished_process run_program(const std::string& name, const std::vector<std::string>& arguments);

}  // namespace okra::test
