#include "tools/load/yjs_update.hpp"

#include "tools/load/lib0.hpp"

namespace okra::load::yjs {

namespace {

// The kind of a struct is in the low bits of its info byte.
constexpr std::uint8_t kind_mask = 0x1f;
constexpr std::uint8_t kind_collected = 0;
constexpr std::uint8_t kind_deleted = 1;
constexpr std::uint8_t kind_string = 4;
constexpr std::uint8_t kind_skip = 10;
constexpr std::uint8_t has_left = 0x80;
constexpr std::uint8_t has_right = 0x40;
constexpr std::uint8_t has_key = 0x20;  // of a map: texts have none

void append_id(std::string& out, const item_id& it)
{
    lib0::append_number(out, it.client);
    lib0::append_number(out, it.clock);
}

void skip_id(lib0::reader& from)
{
    (void)from.number();
    (void)from.number();
}

void skip_parent(lib0::reader& from)
{
    const bool is_root = from.number() == 1;
    if (is_root) {
        (void)from.bytes();
    } else {
        skip_id(from);
    }
}

// The length of one struct; nothing if it is of a kind that typing does not make.
std::optional<std::uint64_t> read_struct(lib0::reader& from)
{
    const auto info = from.byte();
    const auto kind = info & kind_mask;
    if (kind == kind_collected || kind == kind_skip) return from.number();
    if ((kind != kind_string && kind != kind_deleted) || (info & has_key) != 0) return {};
    if ((info & has_left) != 0) skip_id(from);
    if ((info & has_right) != 0) skip_id(from);
    if ((info & (has_left | has_right)) == 0) skip_parent(from);
    return kind == kind_string ? from.bytes().size() : from.number();
}

}  // namespace

void append_update(std::string& out, const text_item& it)
{
    lib0::append_number(out, 1);  // client
    lib0::append_number(out, 1);  // struct
    append_id(out, it.id);
    out += static_cast<char>(kind_string | (it.left ? has_left : 0) | (it.right ? has_right : 0));
    if (it.left) append_id(out, *it.left);
    if (it.right) append_id(out, *it.right);
    if (!it.left && !it.right) {
        lib0::append_number(out, 1);  // the parent is a root, named
        lib0::append_bytes(out, it.root);
    }
    lib0::append_bytes(out, it.text);
    lib0::append_number(out, 0);  // deletions
}

std::optional<std::vector<run>> runs_of(std::string_view update)
{
    lib0::reader from{update};
    std::vector<run> out;
    for (auto clients = from.number(); clients > 0 && from.is_good(); --clients) {
        auto structs = from.number();
        item_id at{from.number(), from.number()};
        for (; structs > 0 && from.is_good(); --structs) {
            const bool is_skip = !from.rest().empty() && from.rest().front() == char{kind_skip};
            const auto length = read_struct(from);
            if (!length) return {};
            const bool continues = !out.empty() && out.back().from.client == at.client &&
                                   out.back().from.clock + out.back().length == at.clock;
            if (continues && !is_skip) {
                out.back().length += *length;
            } else if (!is_skip) {
                out.push_back({at, *length});
            }
            at.clock += *length;
        }
    }
    if (!from.is_good()) return {};
    return out;
}

std::optional<std::vector<item_id>> read_state_vector(std::string_view bytes)
{
    lib0::reader from{bytes};
    std::vector<item_id> out;
    for (auto clients = from.number(); clients > 0 && from.is_good(); --clients) {
        const auto client = from.number();
        out.push_back({client, from.number()});
    }
    if (!from.is_good()) return {};
    return out;
}

}  // namespace okra::load::yjs
