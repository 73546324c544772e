#include "server/net/site.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include <boost/algorithm/string/predicate.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "protocol/base/assert.hpp"
#include "server/net/limits.hpp"

namespace okra::net {

namespace {

// Stands in index.html wherever an inline style or script of the page's own has to prove that it is one.
constexpr std::string_view nonce_placeholder = "__CSP_NONCE__";
constexpr std::size_t nonce_bytes = 18;

struct media_type {
    std::string_view extension;
    std::string_view type;
};

constexpr std::array media_types{
    media_type{".html", "text/html; charset=utf-8"},
    media_type{".js", "text/javascript; charset=utf-8"},
    media_type{".css", "text/css; charset=utf-8"},
    media_type{".json", "application/json"},
    media_type{".webmanifest", "application/manifest+json"},
    media_type{".svg", "image/svg+xml"},
    media_type{".png", "image/png"},
    media_type{".jpg", "image/jpeg"},
    media_type{".webp", "image/webp"},
    media_type{".ico", "image/x-icon"},
    media_type{".woff2", "font/woff2"},
    media_type{".txt", "text/plain; charset=utf-8"},
    media_type{".map", "application/json"},
};

std::string_view type_of(const std::filesystem::path& file)
{
    const std::string extension = file.extension().string();
    const auto found = std::ranges::find(media_types, extension, &media_type::extension);
    return found == media_types.end() ? "application/octet-stream" : found->type;
}

std::string base64(std::span<const unsigned char> bytes)
{
    std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), bytes.data(), static_cast<int>(bytes.size()));
    encoded.resize(static_cast<std::size_t>(length));
    return encoded;
}

// Names the bytes that are sent: another encoding of a file has another.
std::string etag_of(const std::string& content)
{
    constexpr std::size_t bytes_kept = 12;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    const int done = EVP_Digest(content.data(), content.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    OKRA_ASSERT(done == 1);
    return fmt::format("\"{}\"", base64(std::span{digest}.first(bytes_kept)));
}

std::string fresh_nonce()
{
    std::array<unsigned char, nonce_bytes> bytes{};
    const int done = RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    OKRA_ASSERT(done == 1);
    return base64(bytes);
}

// Nothing but our own files and our own socket. Styles that an editor component puts into the page bear the nonce.
// Older browsers do not count a socket as 'self', so its address is spelled out.
std::string content_policy(std::string_view nonce, std::string_view host)
{
    return fmt::format(
        "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self' 'nonce-{0}'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self' ws://{1} wss://{1}; manifest-src 'self'; worker-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        nonce, host);
}

// If-None-Match := "*" | etag ("," etag)*; a weak one is as good here.
bool lists_etag(std::string_view list, std::string_view etag)
{
    return list == "*" || list.find(etag) != std::string_view::npos;
}

// Accept-Encoding := name [";q=" weight] ("," …)*. A weight of 0 refuses.
bool accepts(std::string_view list, std::string_view wanted)
{
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view item = list.substr(0, comma);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
        const std::string_view name = item.substr(0, item.find_first_of("; \t"));
        if (!boost::iequals(name, wanted)) continue;
        const std::size_t weight = item.find("q=");
        if (weight == std::string_view::npos) return true;
        return item.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

result<std::string, site_problem> read_file(const std::filesystem::path& path)
{
    std::ifstream in{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open() || in.bad()) return site_problem{fmt::format("Cannot read {}.", path.string())};
    return {boost::system::in_place_value, std::move(bytes)};
}

}  // namespace

result<site, site_problem> site::load(const std::filesystem::path& folder)
{
    site it;
    std::size_t bytes = 0;
    std::error_code ec;
    if (!std::filesystem::exists(folder / "index.html", ec)) {
        return site_problem{fmt::format("{} is not a built web client: it has no index.html.", folder.string())};
    }
    for (std::filesystem::recursive_directory_iterator at{folder, ec}, end; !ec && at != end; at.increment(ec)) {
        if (!at->is_regular_file()) continue;
        auto content = read_file(at->path());
        if (!content) return content.error();
        bytes += content->size();
        if (bytes > limits::site_bytes)
            return site_problem{fmt::format("{} is too large to be a built web client.", folder.string())};

        std::filesystem::path served = at->path();
        const std::string extension = served.extension().string();
        const bool encoded = extension == ".br" || extension == ".gz";
        if (encoded) served.replace_extension();
        const std::string path = "/" + served.lexically_relative(folder).generic_string();
        file& entry = it.files_[path];
        entry.type = type_of(served);
        entry.immutable = path.starts_with("/assets/");
        variant& into = extension == ".br" ? entry.brotli : extension == ".gz" ? entry.gzip : entry.plain;
        into.etag = etag_of(*content);
        into.content = std::make_shared<const std::string>(std::move(*content));
    }
    if (ec)
        return site_problem{fmt::format("Cannot read the web client's folder {}: {}.", folder.string(), ec.message())};
    // An encoding of a file that is not there has nothing to fall back to.
    std::erase_if(it.files_, [](const auto& entry) { return !entry.second.plain.content; });
    return it;
}

answer site::serve(const file_request& request) const
{
    const bool is_page = request.path == "/index.html" || request.path.find('.') == std::string_view::npos;
    const file* const found = find(is_page ? "/index.html" : request.path);
    if (found == nullptr && is_page) return text_answer(404, "No web client is installed here; see --web.\n");
    if (found == nullptr || !request.path.starts_with('/')) return text_answer(404, "There is nothing here.\n");
    return is_page ? page(*found, request.host) : file_answer(*found, request);
}

const site::file* site::find(std::string_view path) const
{
    const auto found = files_.find(std::string{path});
    return found == files_.end() ? nullptr : &found->second;
}

// Sent whole every time: with a 304 a browser would put the new nonce's header on the old nonce's page.
answer site::page(const file& index, std::string_view host)
{
    const std::string nonce = fresh_nonce();
    std::string html = *index.plain.content;
    for (std::size_t at = html.find(nonce_placeholder); at != std::string::npos;
         at = html.find(nonce_placeholder, at)) {
        html.replace(at, nonce_placeholder.size(), nonce);
    }
    return {.status = 200,
            .fields = {{"Content-Type", index.type},
                       {"Cache-Control", "no-cache"},
                       {"Content-Security-Policy", content_policy(nonce, host)}},
            .body = std::make_shared<const std::string>(std::move(html))};
}

answer site::file_answer(const file& found, const file_request& request)
{
    const variant* chosen = &found.plain;
    std::string_view encoding;
    if (found.brotli.content && accepts(request.accept_encoding, "br")) {
        chosen = &found.brotli;
        encoding = "br";
    } else if (found.gzip.content && accepts(request.accept_encoding, "gzip")) {
        chosen = &found.gzip;
        encoding = "gzip";
    }
    static const auto nothing = std::make_shared<const std::string>();
    const bool known = lists_etag(request.if_none_match, chosen->etag);
    answer it{.status = known ? 304U : 200U, .fields = {}, .body = known ? nothing : chosen->content};
    it.fields.emplace_back("ETag", chosen->etag);
    it.fields.emplace_back("Cache-Control", found.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    it.fields.emplace_back("Vary", "Accept-Encoding");
    if (known) return it;
    it.fields.emplace_back("Content-Type", found.type);
    if (!encoding.empty()) it.fields.emplace_back("Content-Encoding", encoding);
    // A picture opened by itself could run scripts otherwise.
    if (found.type.starts_with("image/svg")) {
        it.fields.emplace_back("Content-Security-Policy",
                               "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    }
    return it;
}

std::string decode_path(std::string_view target)
{
    const std::string_view path = target.substr(0, target.find_first_of("?#"));
    std::string decoded;
    for (std::size_t at = 0; at < path.size(); ++at) {
        if (path[at] != '%') {
            decoded.push_back(path[at]);
            continue;
        }
        unsigned char byte = 0;
        if (at + 2 >= path.size()) return {};
        const char* const digits = path.data() + at + 1;
        const auto [end, ec] = std::from_chars(digits, digits + 2, byte, 16);
        if (ec != std::errc{} || end != digits + 2 || byte == 0) return {};
        decoded.push_back(static_cast<char>(byte));
        at += 2;
    }
    return decoded;
}

}  // namespace okra::net
