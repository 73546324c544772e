// okra-ceiling: see ceiling.hpp. Prints the address it listens on.
#include <cstdio>
#include <exception>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/bench/ceiling/ceiling.hpp"

int main(int argc, char** argv)
{
    CLI::App app{"The yardstick for okra-load: broadcasts what it has synced and understands nothing."};
    std::uint16_t port = 0;
    std::string folder;
    app.add_option("--port", port, "on 127.0.0.1; 0 takes a free one")->capture_default_str();
    app.add_option("--data", folder, "folder of the database")->required();
    CLI11_PARSE(app, argc, argv);

    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    try {
        okra::ceiling::server server{port, folder};
        fmt::print("listening on ws://127.0.0.1:{}\n", server.port());
        std::fflush(stdout);
        server.run();
    } catch (const std::exception& it) {
        fmt::print(stderr, "okra-ceiling: {}\n", it.what());
        return 1;
    }
}
