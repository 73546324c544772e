#!/usr/bin/env bash
# Question: a plan in CSV goes through csvsort, which is to put its lines in order. Do the cells stay what they are?
# Usual belief: yes, but for the order. Types are guessed to sort by them, and a value in the output is the one that was read.
# Truth: csvkit writes the guessed values. A column of targets in millions (10M, 9M) is a column of minutes and comes out as 0:10:00; weeks and days are
#   spans of time; percents lose their sign; 1,5 is 15; a column of the first names April, May and June is dates of the year 1; 0 and 1 are False
#   and True. All of it is well-formed; the next program reads it without a word. --no-inference leaves the cells alone, and sorts all as text.
# Versions: csvkit 1.0.7-1, python3-agate 1.6.3-2, python3-pytimeparse 1.1.5-3, python3-parsedatetime 2.6-3 of Debian 12.
# Source: the order of types in agate's TypeTester (agate/type_tester.py): Boolean, Number, TimeDelta, Date, DateTime, Text; pytimeparse takes M for
#   minutes in either case; agate's Number drops grouping signs, percent and currency signs. csvkit issues 822 and 917 on dates alone.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download python3-csvkit=1.0.7-1 python3-agate=1.6.3-2 python3-pytimeparse=1.1.5-3 python3-parsedatetime=2.6-3 \
  python3-babel python-babel-localedata python3-isodate python3-leather python3-slugify python3-text-unidecode python3-tz python3-six >apt.log
for package in *.deb; do dpkg-deb -x "$package" debian; done

cat >plan.csv <<'END'
Key result,Owner,Target,Effort,Confidence,Score,Public
Revenue in the north,May,10M,2w,70%,"1,5",0
Revenue in the south,April,9M,3d,80%,"0,7",1
Revenue in the west,June,12M,1w,50%,"1,0",1
END
PYTHONPATH=debian/usr/lib/python3/dist-packages /usr/bin/python3 -m csvkit.utilities.csvsort -c Target plan.csv | tee seen
diff - seen <<'END'
Key result,Owner,Target,Effort,Confidence,Score,Public
Revenue in the south,0001-04-01,0:09:00,"3 days, 0:00:00",80,7,True
Revenue in the north,0001-05-01,0:10:00,"14 days, 0:00:00",70,15,False
Revenue in the west,0001-06-01,0:12:00,"7 days, 0:00:00",50,10,True
END
