// The list of workspaces for the first page, which anybody may ask for. What a workspace is called is read from storage
// once; from then on its actor tells when it is called otherwise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/document/document.hpp"
#include "server/runtime/loading.hpp"
#include "storage/log.hpp"

namespace okra::runtime {

// What is called how, of the workspaces that somebody asked for. Any thread.
class workspace_titles {
public:
    struct title {
        revision at;  // 0: it was never changed, and is nobody's workspace yet
        std::string name;
    };

    // None: it is to be read, and `tell` is to be called then.
    [[nodiscard]] std::optional<title> of(std::string_view workspace);
    // The document as it is on the disk. Of two the newer counts, whoever comes first.
    void tell(std::string_view workspace, const document::document& now);

private:
    std::mutex mutex_;
    std::map<std::string, std::optional<title>, std::less<>> titles_;
};

// Being made, on a loader's thread.
class workspace_list {
public:
    workspace_list(const storage::log& log, workspace_titles& titles) : log_{log}, titles_{titles} {}

    // [{"id":…,"name":…},…]: the first hundred. No value after about `turn_us`: there is more to do.
    [[nodiscard]] std::optional<std::string> go_on(std::int64_t turn_us);

private:
    [[nodiscard]] bool take_next();
    [[nodiscard]] bool load_some(std::int64_t turn_us);
    void add(const workspace_titles::title& it);

    const storage::log& log_;
    workspace_titles& titles_;
    std::string workspace_;
    std::optional<document_load> load_;  // of that
    std::size_t looked_at_ = 0;
    std::size_t listed_ = 0;
    std::string json_ = "[";
};

}  // namespace okra::runtime
