// Expected failures are values: result<T, E> holds either. See conventions: exceptions are for failed start-up only.
#pragma once

#include <boost/system/result.hpp>

namespace okra {

template <typename T, typename E>
using result = boost::system::result<T, E>;

}  // namespace okra
