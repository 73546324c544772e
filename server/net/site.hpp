// The built web client: read into memory once at start, so that no request touches the disk and no path can lead out
// of the folder. A new build is served after a restart. Never changed after `load`: any thread may read it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/base/result.hpp"
#include "server/net/answer.hpp"

namespace okra::net {

// Fields of a request for a page or file; empty: absent.
struct file_request {
    std::string_view path;  // decoded, without the query
    std::string_view host;  // checked by is_own_host
    std::string_view accept_encoding;
    std::string_view if_none_match;
};

// A sentence for the person who started the server.
struct site_problem {
    std::string sentence;
};

class site {
public:
    site() = default;  // with nothing in it

    [[nodiscard]] static result<site, site_problem> load(const std::filesystem::path& folder);

    // A file; for other paths without a dot the page, which finds its way by the path itself; else 404.
    [[nodiscard]] answer serve(const file_request& request) const;

    [[nodiscard]] bool empty() const { return files_.empty(); }

private:
    struct variant {
        std::shared_ptr<const std::string> content;  // null: there is none
        std::string etag;
    };
    struct file {
        std::string type;
        bool immutable = false;  // its name changes with its content
        variant plain;
        variant gzip;
        variant brotli;
    };

    [[nodiscard]] const file* find(std::string_view path) const;
    [[nodiscard]] static answer page(const file& index, std::string_view host);
    [[nodiscard]] static answer file_answer(const file& found, const file_request& request);

    std::unordered_map<std::string, file> files_;  // by path, with the leading slash
};

// The path of a request's target: without the query, percent signs decoded; empty if that cannot be done.
[[nodiscard]] std::string decode_path(std::string_view target);

}  // namespace okra::net
