// Checks text.hpp against answers of the npm type `ot-text-unicode`, read from standard input: one JSON object a line,
// as web-client/tests/differential/text_cases.mjs prints them. Ends with 1 at the first difference, and without cases.
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "protocol/document/text.hpp"

namespace {

using namespace okra::document;
using simdjson::dom::element;

text_edit edit_from(const element& json)
{
    text_edit edit;
    for (const element component : simdjson::dom::array{json}) {
        if (component.is_string()) {
            edit.emplace_back(text_insert{std::string{std::string_view{component}}});
        } else if (component.is_object()) {
            edit.emplace_back(text_delete{std::uint64_t{component["d"]}});
        } else {
            edit.emplace_back(text_skip{std::uint64_t{component}});
        }
    }
    return edit;
}

class checker {
public:
    explicit checker(const element& json) : json_{json} {}

    bool passes()
    {
        const std::string text{string("text")};
        const text_edit a = edit("a");
        const text_edit b = edit("b");
        const std::string after = okra::document::apply(text, a);

        expect("normalise", normalise(edit("raw")) == a);
        expect("transform a left", transform(a, b, text_side::left) == edit("a_left"));
        expect("transform a right", transform(a, b, text_side::right) == edit("a_right"));
        expect("transform b left", transform(b, a, text_side::left) == edit("b_left"));
        expect("transform b right", transform(b, a, text_side::right) == edit("b_right"));
        expect("compose", compose(a, edit("next")) == edit("composed"));
        expect("apply", after == string("after"));
        expect("invert", invert(text, a) == edit("inverse"));
        expect("transform_position", transform_position(number("position"), a, text_side::left) == number("moved"));

        // What the reference promises, held by the answers here.
        expect("converges", okra::document::apply(after, edit("b_right")) ==
                                okra::document::apply(okra::document::apply(text, b), edit("a_left")));
        expect("invert undoes", okra::document::apply(after, invert(text, a)) == text);
        expect("clamp keeps what fits", clamp(a, code_point_count(text)) == a);
        std::string in_place = text;
        apply_in_place(in_place, a);
        expect("apply_in_place", in_place == after);
        expect("is_utf8", is_utf8(after));
        return passes_;
    }

private:
    std::string_view string(const char* name) const { return json_[name]; }
    std::uint64_t number(const char* name) const { return json_[name]; }
    text_edit edit(const char* name) const { return edit_from(json_[name]); }

    void expect(const char* what, bool holds)
    {
        if (holds) return;
        std::cerr << what << " differs: " << simdjson::minify(json_) << '\n';
        passes_ = false;
    }

    element json_;
    bool passes_ = true;
};

}  // namespace

int main()
{
    std::ios::sync_with_stdio(false);
    simdjson::dom::parser parser;
    std::uint64_t count = 0;
    for (std::string line; std::getline(std::cin, line); ++count) {
        if (!checker{parser.parse(line)}.passes()) return 1;
    }
    std::cout << count << " cases agree with ot-text-unicode\n";
    return count == 0 ? 1 : 0;
}
