#include "server/runtime/idle_documents.hpp"

#include <utility>

#include "protocol/base/assert.hpp"

namespace okra::runtime {

idle_documents::~idle_documents()
{
    while (!waiting_.empty()) remove(waiting_.begin()->first);
}

idle_documents::place idle_documents::add(std::string document, std::size_t bytes)
{
    bytes_ += bytes;
    figures_.idle_documents.Increment();
    figures_.idle_document_bytes.Increment(static_cast<double>(bytes));
    waiting_.emplace(++last_, idle_documents::document{.name = std::move(document), .bytes = bytes});
    return last_;
}

void idle_documents::remove(place at)
{
    const auto found = waiting_.find(at);
    OKRA_ASSERT(found != waiting_.end());
    bytes_ -= found->second.bytes;
    figures_.idle_documents.Decrement();
    figures_.idle_document_bytes.Decrement(static_cast<double>(found->second.bytes));
    waiting_.erase(found);
}

}  // namespace okra::runtime
