#include "tests/support/server_process.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <stdexcept>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <variant>

extern char** environ;

namespace okra::test {

namespace {

struct started {
    pid_t process;
    int output;  // the reading end of its standard output
};

// Where its standard error goes: shown with this process's own when a test fails, into the same pipe, or to a file.
struct to_own_errors {};
struct to_output {};
using error_target = std::variant<to_own_errors, to_output, std::filesystem::path>;

struct to_start {
    std::string program;
    std::vector<std::string> arguments;
    std::vector<std::string> environment = {};  // beside this process's own
    error_target errors = to_own_errors{};
    std::optional<std::size_t> open_files_max = {};
};

started start(to_start what)
{
    what.program.insert(0, OKRA_BINARY_DIR "/bin/");
    // Limits are inherited: a shell takes this one and becomes the program.
    std::string shell = "/bin/sh";
    std::string option = "-c";
    std::string script = "ulimit -n " + std::to_string(what.open_files_max.value_or(0)) + R"( && exec "$0" "$@")";
    std::vector<char*> argv;
    if (what.open_files_max) argv = {shell.data(), option.data(), script.data()};
    argv.push_back(what.program.data());
    for (std::string& it : what.arguments) argv.push_back(it.data());
    argv.push_back(nullptr);
    std::vector<char*> variables;
    for (char** it = environ; *it != nullptr; ++it) variables.push_back(*it);
    for (std::string& it : what.environment) variables.push_back(it.data());
    variables.push_back(nullptr);

    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (std::holds_alternative<to_output>(what.errors)) {
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    } else if (const auto* file = std::get_if<std::filesystem::path>(&what.errors)) {
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, file->c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
    pid_t process = -1;
    const int failed = ::posix_spawn(&process, argv[0], &actions, nullptr, argv.data(), variables.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) throw std::runtime_error{std::string{"cannot start "} + argv[0] + ": " + std::strerror(failed)};
    return {process, ends[0]};
}

int wait_for(pid_t process)
{
    int status = 0;
    while (::waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) throw std::runtime_error{"waitpid"};
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Reads until `enough` says so or the other end is closed.
template <typename Enough>
std::string read_until(int file, Enough enough)
{
    std::string text;
    std::array<char, 4096> buffer;
    while (!enough(text)) {
        const ssize_t size = ::read(file, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) break;
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
}

}  // namespace

server_process::server_process(const std::filesystem::path& data, const server_options& how)
{
    const std::string level = how.log.empty() ? "error" : "warning";
    std::vector<std::string> arguments{"--listen", "127.0.0.1:0", "--data", data.string(), "--log-level", level};
    arguments.insert(arguments.end(), how.more.begin(), how.more.end());
    to_start what{.program = "okra-server",
                  .arguments = std::move(arguments),
                  .environment = how.environment,
                  .open_files_max = how.open_files_max};
    if (!how.log.empty()) what.errors = how.log;
    const started it = start(std::move(what));
    process_ = it.process;
    const std::string line = read_until(it.output, [](std::string_view text) { return text.find('\n') != text.npos; });
    ::close(it.output);
    const std::size_t colon = line.rfind(':');
    if (colon == std::string::npos) throw server_not_started{wait()};
    std::from_chars(line.data() + colon + 1, line.data() + line.size(), port_);
}

server_process::~server_process()
{
    if (process_ > 0) kill_now();
}

// statm has pages: of all addresses, then of those that are in memory.
std::size_t server_process::address_bytes() const
{
    std::ifstream pages{"/proc/" + std::to_string(process_) + "/statm"};
    std::size_t all = 0;
    pages >> all;
    return all * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t server_process::resident_bytes() const
{
    std::ifstream pages{"/proc/" + std::to_string(process_) + "/statm"};
    std::size_t all = 0;
    std::size_t resident = 0;
    pages >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void server_process::limit_addresses(std::size_t bytes) const
{
    const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
    if (::prlimit(process_, RLIMIT_AS, &limit, nullptr) != 0) throw std::runtime_error{"prlimit"};
}

void server_process::signal(int number) const
{
    ::kill(process_, number);
}

bool server_process::is_running() const
{
    siginfo_t end{};
    return ::waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0;
}

int server_process::wait()
{
    return wait_for(std::exchange(process_, -1));
}

finished_process run_server(const std::vector<std::string>& arguments)
{
    return run_program("okra-server", arguments);
}

finished_process run_program(const std::string& name, const std::vector<std::string>& arguments)
{
    const started it = start({.program = name, .arguments = arguments, .errors = to_output{}});
    std::string output = read_until(it.output, [](std::string_view) { return false; });
    ::close(it.output);
    return {wait_for(it.process), std::move(output)};
}

}  // namespace okra::test
