#!/usr/bin/env bash
# Question: a producer puts messages into a buffered asio channel, is told that they were taken, and closes it. What does the consumer receive?
# Usual belief: what is buffered, then the end. So it is with the channels of Go, Rust and Kotlin, from which the name and the calls come.
# Truth: nothing. close() ends the receiving at once: async_receive completes with channel_closed and try_receive fails, while ready() still says true.
#   Messages that try_send accepted are in the buffer and out of reach (until reset(), which drops them); async_send's completion says no more. Whoever
#   closes to say "that was all" loses the end of the stream; the end has to be sent as a message, with an error code.
# Versions: libboost1.81-dev 1.81.0-5+deb12u1 of Debian 12 (Boost.Asio 1.81).
# Source: asio issue 1236, open since 2023: "channel::close() is immediate, ignoring pending messages in the channel".
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download libboost1.81-dev=1.81.0-5+deb12u1 >apt.log
dpkg-deb -x libboost1.81-dev*.deb debian

cat >find.cpp <<'END'
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
using boost::system::error_code;
using channel = asio::experimental::channel<void(error_code, std::string)>;

void receive(asio::io_context& context, channel& from)
{
    from.async_receive([](error_code ec, const std::string& message) {
        std::cout << "async_receive: " << (ec ? ec.message() : message) << '\n';
    });
    context.restart();
    context.run();
}

int main()
{
    asio::io_context context;
    channel updates{context, 8};
    for (const char* message : {"first", "second", "third"}) {
        std::cout << "try_send " << message << ": " << updates.try_send(error_code{}, message) << '\n';
    }
    receive(context, updates);
    updates.close();
    std::cout << "closed, ready: " << updates.ready() << '\n';
    receive(context, updates);
    std::cout << "try_receive: " << updates.try_receive([](error_code, const std::string&) {}) << '\n';
    updates.reset();
    std::cout << "reset, ready: " << updates.ready() << '\n';
}
END
g++ -std=c++20 -pthread -isystem debian/usr/include find.cpp -o program
./program | tee seen
diff - seen <<'END'
try_send first: 1
try_send second: 1
try_send third: 1
async_receive: first
closed, ready: 1
async_receive: Channel closed
try_receive: 0
reset, ready: 0
END
