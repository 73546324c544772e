// What happens when the system gives no more memory. What a session has asked for may fail, and then this session ends:
// it is done within `expendable`, where `new` throws at once. Everything else, such as what was decided and must be
// told, and storage's own threads, draws on a reserve of addresses that is set aside for it and costs nothing until
// then. Any thread.
#pragma once

namespace okra::runtime::memory {

// At the start; and from time to time, as what was drawn is set aside again when there is room.
void set_reserve_aside();

// Before something large that a session asks for, and in the midst of it: throws std::bad_alloc when half of the
// reserve is gone, as what gave it up is there for everybody.
void refuse_if_short();

// Within it, on this thread, `new` throws std::bad_alloc where there is no memory, and the reserve is not touched.
class expendable {
public:
    expendable();
    ~expendable();
    expendable(const expendable&) = delete;
    expendable& operator=(const expendable&) = delete;

private:
    const bool before_;
};

// The opposite, within an expendable scope: what must not be left half done.
class indispensable {
public:
    indispensable();
    ~indispensable();
    indispensable(const indispensable&) = delete;
    indispensable& operator=(const indispensable&) = delete;

private:
    const bool before_;
};

}  // namespace okra::runtime::memory
