#include "storage/log_check.hpp"

namespace okra::storage {
namespace {

constexpr std::size_t names_at_once = 1000;

}  // namespace

log_check check_documents(const log& it)
{
    log_check found;
    const auto look_at = [&](const std::string& name) {
        ++found.documents;
        const auto state = it.load(name);
        if (!state) {
            found.problems.push_back(state.error().message);
            return;
        }
        const auto read = it.read(name, {}, [](revision, std::string_view) { return true; });
        if (!read) found.problems.push_back(read.error().message);
    };
    if (const auto listed = for_each_document(it, look_at); !listed) found.problems.push_back(listed.error().message);
    return found;
}

result<void, failure> for_each_document(const log& it, const std::function<void(const std::string& name)>& visit)
{
    std::string after;
    while (true) {
        const auto names = it.documents("", after, names_at_once);
        if (!names) return names.error();
        if (names->empty()) return {};
        for (const std::string& name : *names) visit(name);
        after = names->back();
    }
}

}  // namespace okra::storage
