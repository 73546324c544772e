// storage_writer as a child process.
#pragma once

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace okra::test {

class live_writer {
public:
    live_writer(const std::filesystem::path& data, std::size_t record_size)
    {
        std::array<int, 2> orders{};
        std::array<int, 2> news{};
        if (::pipe2(orders.data(), O_CLOEXEC) != 0 || ::pipe2(news.data(), O_CLOEXEC) != 0) fail("pipe");
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, orders[0], STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, news[1], STDOUT_FILENO);
        std::string program = OKRA_BINARY_DIR "/bin/okra-storage-writer";
        std::string folder = data.string();
        std::string size = std::to_string(record_size);
        const std::array<char*, 4> arguments{program.data(), folder.data(), size.data(), nullptr};
        if (::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ) != 0) fail("spawn");
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(orders[0]);
        ::close(news[1]);
        orders_ = orders[1];
        news_ = news[0];
    }
    ~live_writer() { finish(); }
    live_writer(const live_writer&) = delete;
    live_writer& operator=(const live_writer&) = delete;

    void order(std::uint64_t appends)
    {
        if (::write(orders_, &appends, sizeof appends) != sizeof appends) fail("write");
    }

    // Waits for the next acknowledged append and returns the head after it; 0 when the writer has ended.
    std::uint64_t acknowledged()
    {
        std::uint64_t head = 0;
        return ::read(news_, &head, sizeof head) == sizeof head ? head : 0;
    }

    void kill() const { ::kill(process_, SIGKILL); }

    // Closes its input and waits; the exit code, or -1 if it was killed.
    int finish()
    {
        if (process_ == 0) return 0;
        ::close(orders_);
        while (acknowledged() != 0) continue;
        ::close(news_);
        int status = 0;
        ::waitpid(process_, &status, 0);
        process_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

private:
    [[noreturn]] static void fail(const char* what) { throw std::runtime_error{what}; }

    pid_t process_ = 0;
    int orders_ = -1;
    int news_ = -1;
};

}  // namespace okra::test
