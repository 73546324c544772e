// Which source a long test runs: printed first, so that a failure can be played again.
#pragma once

#include <cstdio>
#include <string>

namespace okra::test {

// "dd635e5", or "unknown" outside of a checkout.
[[nodiscard]] inline std::string commit_of_source()
{
    std::string text;
    if (FILE* const git = popen("git -C '" OKRA_SOURCE_DIR "' describe --always --dirty 2>/dev/null", "r")) {
        for (int letter = std::fgetc(git); letter != EOF && letter != '\n'; letter = std::fgetc(git)) {
            text.push_back(static_cast<char>(letter));
        }
        pclose(git);
    }
    return text.empty() ? "unknown" : text;
}

}  // namespace okra::test
