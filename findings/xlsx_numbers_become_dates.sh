#!/usr/bin/env bash
# Question: a spreadsheet's cell holds a plain number with a custom number format. Do readers return the number?
# Usual belief: yes. What makes a date are the date codes of the format; text in quotes, escaped letters and the widths of letters are none.
# Truth: two much used readers look for the letters and take some of those for codes. exceljs ignores escapes: $#,##0.0,,\M, the way of many guides to
#   show millions, makes a Date of a revenue; 0.0\h does so with hours. Both exceljs and openpyxl fall for "_" (a space as wide as the
#   letter behind it), which Excel's accounting formats write for a currency's letters: _P_t_s_ for pesetas in old workbooks of Spanish
#   Excel. And exceljs drops [h] with the brackets, so that a duration is a number there. SheetJS has none of this.
# Versions: exceljs 4.4.0, xlsx (SheetJS) 0.18.5 from npm; python3-openpyxl 3.0.9-1 of Debian 12.
# Source: isDateFmt in exceljs lib/utils/utils.js; is_date_format in openpyxl/styles/numbers.py; ECMA-376 part 1, 18.8.31 (numFmts) for \ and _.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts exceljs@4.4.0 xlsx@0.18.5 >npm.log
apt-get -qq -o APT::Sandbox::User=root download python3-openpyxl=3.0.9-1 python3-et-xmlfile=1.0.1-2.1 python3-jdcal=1.0-1.3 >apt.log
for package in *.deb; do dpkg-deb -x "$package" debian; done

cat >find.mjs <<'END'
import ExcelJS from 'exceljs';
import SheetJS from 'xlsx';

const formats = ['$#,##0.0,,\\M', '0.0\\h', '_-* #,##0\\ _P_t_s_-', '#,##0.0\\ "h"', '[h]', '[h]:mm'];
const written = new ExcelJS.Workbook();
const sheet = written.addWorksheet('Key results');
for (const format of formats) sheet.addRow([1234.5]).getCell(1).numFmt = format;
await written.xlsx.writeFile('book.xlsx');

const read = new ExcelJS.Workbook();
await read.xlsx.readFile('book.xlsx');
const cells = SheetJS.readFile('book.xlsx', { cellDates: true }).Sheets['Key results'];
const shown = (value) => (value instanceof Date ? `date ${value.toISOString().slice(0, 16)}` : `number ${value}`);
for (const [at, format] of formats.entries()) {
  const { value } = read.worksheets[0].getCell(at + 1, 1);
  console.log(`${format} is for exceljs a ${shown(value)}, for SheetJS a ${shown(cells[`A${at + 1}`].v)}`);
}
END
cat >find.py <<'END'
import openpyxl

for (cell,) in openpyxl.load_workbook('book.xlsx').active.rows:
    print(f'{cell.number_format} is for openpyxl a {type(cell.value).__name__} {cell.value}')
END
{
  TZ=UTC node find.mjs
  PYTHONPATH=debian/usr/lib/python3/dist-packages /usr/bin/python3 find.py
} | tee seen
diff - seen <<'END'
$#,##0.0,,\M is for exceljs a date 1903-05-18T12:00, for SheetJS a number 1234.5
0.0\h is for exceljs a date 1903-05-18T12:00, for SheetJS a number 1234.5
_-* #,##0\ _P_t_s_- is for exceljs a date 1903-05-18T12:00, for SheetJS a number 1234.5
#,##0.0\ "h" is for exceljs a number 1234.5, for SheetJS a number 1234.5
[h] is for exceljs a number 1234.5, for SheetJS a date 1903-05-18T12:00
[h]:mm is for exceljs a date 1903-05-18T12:00, for SheetJS a date 1903-05-18T12:00
$#,##0.0,,\M is for openpyxl a float 1234.5
0.0\h is for openpyxl a float 1234.5
_-* #,##0\ _P_t_s_- is for openpyxl a datetime 1903-05-18 12:00:00
#,##0.0\ "h" is for openpyxl a float 1234.5
[h] is for openpyxl a timedelta 1234 days, 12:00:00
[h]:mm is for openpyxl a timedelta 1234 days, 12:00:00
END
