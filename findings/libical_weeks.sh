#!/usr/bin/env bash
# Question: which week is it for libical, the C library of many calendars (Evolution, KDE, Cyrus): icaltime_week_number() and RRULE's BYWEEKNO?
# Usual belief: the ISO 8601 week, as RFC 5545 defines week numbers: 1 to 53, from Monday, the first with four days in the year.
# Truth: icaltime_week_number() counts from 0 by Sundays in the calendar year, so that it is one or two behind the ISO week, and 0 or 51 or 52 at the turn
#   of the year. BYWEEKNO=1;BYDAY=MO has a Monday that lies in the old year (29 December 2025 for week 1 of 2026): libical puts its day into the
#   new year's December, a Tuesday. And BYWEEKNO=53 has an instance in 2031, a year of 52 weeks.
# Versions: libical3 and libical-dev 3.0.16-1+b1 of Debian 12.
# Source: icaltime_week_number in libical src/libical/icaltime.c divides (day of the year - day of the week) by 7; libical issues 794 and 1143 on
#   BYWEEKNO; RFC 5545 3.3.10.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download libical-dev=3.0.16-1+b1 libical3=3.0.16-1+b1 libicu72 >apt.log
for package in *.deb; do dpkg-deb -x "$package" debian; done
libraries=$(dirname "$(find "$PWD/debian" -name libical.so)")

cat >find.c <<'END'
#include <libical/ical.h>
#include <stdio.h>

static void instances(const char *rule)
{
    struct icalrecurrencetype recurrence = icalrecurrencetype_from_string(rule);
    icalrecur_iterator *iterator = icalrecur_iterator_new(recurrence, icaltime_from_string("20260101"));
    printf("%s:", rule);
    for (struct icaltimetype at = icalrecur_iterator_next(iterator); !icaltime_is_null_time(at); at = icalrecur_iterator_next(iterator)) {
        printf(" %d-%02d-%02d", at.year, at.month, at.day);
    }
    printf("\n");
    icalrecur_iterator_free(iterator);
}

int main(void)
{
    const char *const days[] = {"20251229", "20260101", "20260104", "20260105", "20260329", "20261231", "20270101", "20270103"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        printf("%s: %d\n", days[i], icaltime_week_number(icaltime_from_string(days[i])));
    }
    instances("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=2");
    instances("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=3");
    return 0;
}
END
cc find.c -Idebian/usr/include -L"$libraries" -Wl,-rpath,"$libraries" -lical -o program
./program | while IFS= read -r line; do
  case $line in
    2*) echo "$line, ISO week $(date -d "${line%%:*}" '+%-V of %G')" ;;
    *) echo "$line" ;;
  esac
done | tee seen
diff - seen <<'END'
20251229: 51, ISO week 1 of 2026
20260101: 0, ISO week 1 of 2026
20260104: 0, ISO week 1 of 2026
20260105: 0, ISO week 2 of 2026
20260329: 12, ISO week 13 of 2026
20261231: 51, ISO week 53 of 2026
20270101: 0, ISO week 53 of 2026
20270103: 0, ISO week 53 of 2026
FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO;COUNT=2: 2026-12-29 2027-01-04
FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=3: 2026-12-28 2031-12-29 2032-12-27
END
