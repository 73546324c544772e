// Builds a visitor for std::visit from lambdas, one per alternative.
#pragma once

namespace okra {

template <typename... Callable>
struct overloaded : Callable... {
    using Callable::operator()...;
};

}  // namespace okra
