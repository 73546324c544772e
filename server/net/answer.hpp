// An HTTP answer before it becomes Beast's business.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace okra::net {

struct answer {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> fields;
    std::shared_ptr<const std::string> body;  // never null; shared with the files in memory
};

[[nodiscard]] inline answer text_answer(unsigned status, std::string text,
                                        std::string type = "text/plain; charset=utf-8")
{
    return {.status = status,
            .fields = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}},
            .body = std::make_shared<const std::string>(std::move(text))};
}

}  // namespace okra::net
