#include "server/runtime/memory.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace okra::runtime::memory {

namespace {

// A block is more than ending a session or writing a batch takes. All of them are for RocksDB too, whose threads may
// want a memory table and a table's buffers at the same moment.
constexpr std::size_t block_bytes = 4 << 20;
constexpr std::size_t blocks = 16;

std::array<std::atomic<void*>, blocks> reserve{};
std::atomic<bool> is_short{false};

thread_local bool is_expendable = false;

// Addresses only: no page of it is ever touched.
void* set_block_aside()
{
    void* const block = ::mmap(nullptr, block_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? nullptr : block;
}

bool give_block_up()
{
    for (std::size_t index = 0; index < blocks; ++index) {
        void* const block = reserve[index].exchange(nullptr);
        if (block == nullptr) continue;
        if (index >= blocks / 2) is_short = true;
        ::munmap(block, block_bytes);
        return true;
    }
    return false;
}

// `new` tries again when this returns.
void on_no_memory()
{
    if (is_expendable || !give_block_up()) throw std::bad_alloc{};
}

}  // namespace

void set_reserve_aside()
{
    std::set_new_handler(on_no_memory);
    for (std::atomic<void*>& it : reserve) {
        if (it.load() != nullptr) continue;
        void* const block = set_block_aside();
        if (block == nullptr) return;
        void* nothing = nullptr;
        if (!it.compare_exchange_strong(nothing, block)) ::munmap(block, block_bytes);
    }
    is_short = false;
}

void refuse_if_short()
{
    if (is_short.load(std::memory_order_relaxed)) throw std::bad_alloc{};
}

expendable::expendable() : before_{std::exchange(is_expendable, true)} {}
expendable::~expendable()
{
    is_expendable = before_;
}

indispensable::indispensable() : before_{std::exchange(is_expendable, false)} {}
indispensable::~indispensable()
{
    is_expendable = before_;
}

}  // namespace okra::runtime::memory
