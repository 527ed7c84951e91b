#!/usr/bin/env python3
"""Workbooks written by openpyxl, pandas, XlsxWriter, eligo and, where it is installed, LibreOffice, read alike by eligo, openpyxl and
calamine. Every difference has a name below; any other is a failure. compare.py SHOW_TABLE ELIGO; status 77 without the packages.
Broken when: eligo leaves out, makes up or changes a cell that others read, or says of a cell that it is none which others read."""
import datetime
import decimal
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "build" / "spreadsheets"))
try:
    import openpyxl
    import openpyxl.cell.rich_text as rich
    import openpyxl.utils.datetime as days
    import pandas
    import python_calamine
    import xlsxwriter
except ImportError as missing:
    print(f"skipped: {missing}; .ci/spreadsheets installs the packages")
    sys.exit(77)

SHOW, ELIGO = (str(pathlib.Path(name).resolve()) for name in sys.argv[1:3])
HEADER = ["id", "text", "number", "truth", "day", "odd"]

# What eligo says of a cell, and what others make of it.
FAULTS = {
    "this formula has no stored result": (None, 0),  # they give nothing; XlsxWriter writes 0, to be worked out when the file is opened
    "this is the error of a formula and no value": ("#N/A", None),  # they give its name as a text, or nothing
    "this is a part of merged cells": (None,),  # they give nothing
    "this cell claims to be a date and is none": (datetime.datetime(1900, 3, 1), datetime.time(0, 0)),  # a day before 1904 in a workbook whose days begin there: Excel shows ####
}
# openpyxl leaves escapes of characters as they stand; Excel, LibreOffice and calamine read them.
ESCAPES = [("openpyxl", "A", "_x0041_")]


def text_of(value):
    """A value of openpyxl or calamine as eligo writes it."""
    if isinstance(value, rich.CellRichText):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        # To the second, as a day has no more of them in a spreadsheet's number.
        value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.strftime("%Y-%m-%d") if value.time() == datetime.time() else value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, (int, float)):
        return decimal.Decimal(repr(value))
    return str(value).strip()


def is_same(reader, ours, theirs):
    if not isinstance(ours, dict) and (reader, ours, theirs) in ESCAPES:
        return True
    if isinstance(ours, dict):
        fault = ours.get("fault", "")
        return any(fault.startswith(name) and theirs in allowed for name, allowed in FAULTS.items())
    wanted = text_of(theirs)
    if isinstance(wanted, decimal.Decimal) and ours is not None:
        try:
            # Named: others hand numbers over in binary, and eligo leaves out the rest of binary beyond 15 digits.
            return decimal.Decimal(ours) == wanted or float(ours) == float(wanted) or decimal.Context(prec=15).plus(wanted) == decimal.Decimal(ours)
        except decimal.InvalidOperation:
            return False
    return ours == wanted


def ours_of(path):
    ran = subprocess.run([SHOW, str(path)], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise SystemExit(f"{path.name}: {ran.stderr}")
    return {row[0]: row[1:] for row in map(json.loads, ran.stdout.splitlines())}


def openpyxl_of(path, sheet):
    book = openpyxl.load_workbook(path, data_only=True, rich_text=True)
    return {i: [cell.value for cell in row] for i, row in enumerate(book[sheet].iter_rows(), 1)}


def calamine_of(path, sheet):
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return {i: [None if value == "" else value for value in row] for i, row in enumerate(rows, 1)}


def compare(path, sheet, readers):
    ours, compared, differences = ours_of(path), 0, []
    for name, read in readers:
        theirs = read(path, sheet)
        width = max(len(row) for row in ours.values())
        for line in sorted(set(ours) | {i for i, row in theirs.items() if any(text_of(value) is not None for value in row)}):
            mine = ours.get(line, []) + [None] * width
            other = theirs.get(line, []) + [None] * width
            for column in range(width):
                compared += 1
                if not is_same(name, mine[column], other[column]):
                    differences.append(f"{path.name}: line {line}, column {column + 1}: eligo {mine[column]!r}, {name} {other[column]!r}")
    return compared, differences


TEXTS = ["甲公司", " in blanks ", "a & <b> \"c\"", "line\nend", "_x0041_", "=1+1 as text", "😀", "0012", "x" * 3000]
NUMBERS = [0, 12, -3, 4.4, 0.1 + 0.2, 1234567890.12, 1e-7, 2.5e20, 913100001234567891, 0.15, 1 / 3, 99999999999999.9]
DAYS = [datetime.date(2018, 6, 1), datetime.datetime(2018, 6, 1, 12, 30, 5), datetime.date(1900, 3, 1), datetime.date(2199, 12, 31), datetime.datetime(2020, 2, 29, 23, 59, 59), datetime.time(8, 15)]


def rows():
    for i in range(40):
        yield [f"C{i:03}", TEXTS[i % len(TEXTS)], NUMBERS[i % len(NUMBERS)], i % 3 == 0, DAYS[i % len(DAYS)]]


def write_openpyxl(path, epoch=None):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    hidden = book.active
    hidden.title, hidden.sheet_state = "Old", "hidden"
    hidden.append(["old"])
    sheet = book.create_sheet("数据")
    sheet.append(HEADER)
    for row in rows():
        if isinstance(row[1], str) and row[1].startswith("="):
            row[1] = "'" + row[1]
        sheet.append(row)
    sheet["F2"] = "=SUM(C2:C3)"
    sheet["F3"] = "#N/A"
    sheet["F4"] = rich.CellRichText("plain ", rich.TextBlock(openpyxl.cell.text.InlineFont(b=True), "bold"))
    sheet["F5"] = "merged"
    sheet.merge_cells("F5:F7")
    sheet["F9"].number_format = "yyyy-mm-dd"
    sheet.append([])
    sheet.append(["last", None, None, None, None, "behind a row in which nothing stands"])
    book.save(path)


def write_xlsxwriter(path, **options):
    book = xlsxwriter.Workbook(path, {"remove_timezone": True, **options})
    sheet = book.add_worksheet("数据")
    day, time = book.add_format({"num_format": "yyyy\\-mm\\-dd hh:mm:ss"}), book.add_format({"num_format": "hh:mm"})
    sheet.write_row(0, 0, HEADER)
    for i, row in enumerate(rows(), 1):
        sheet.write_string(i, 0, row[0])
        sheet.write_string(i, 1, row[1])
        sheet.write_number(i, 2, row[2])
        sheet.write_boolean(i, 3, row[3])
        sheet.write_datetime(i, 4, row[4], time if isinstance(row[4], datetime.time) else day)
        if i == 2:
            sheet.write_formula(i, 5, "=C2+1")
        if i == 3:
            sheet.write_formula(i, 5, "=C2+1", None, 13)
        if i == 4:
            sheet.write_formula(i, 5, "=NA()", None, "#N/A")
        if i == 5:
            sheet.write_formula(i, 5, '="a"&"b"', None, "ab")
    book.close()


def write_pandas(path):
    frame = pandas.DataFrame(list(rows()), columns=HEADER[:5])
    frame["day"] = pandas.to_datetime(["2018-06-01", "2020-02-29 12:00:00"] * 20, format="ISO8601")
    frame["odd"] = [float("nan") if i % 4 else i / 8 for i in range(40)]
    frame.loc[frame["text"].str.startswith("="), "text"] = "plain"
    frame.to_excel(path, index=False, sheet_name="数据", engine="openpyxl")


def write_eligo(folder):
    (folder / "firm.policy").write_text('vocabulary firm "企业" | "Firm" {\n  staff : int in 0 .. 1_000 "人数" | "Staff"\n}\npolicy small for firm "小" | "Small" {\n  in force 2000-01-01 ..\n'
                                        '  require few staff <= 50 "少" | "Few" @ "1"\n  benefit heads : int = staff always "人" | "Heads"\n}\n', encoding="utf-8")
    (folder / "in.csv").write_text("company_id,staff\n甲,10\n0012,60\n913100001234567891,\n", encoding="utf-8")
    subprocess.run([ELIGO, "screen", "in.csv", "--rules", "firm.policy", "--as-of", "2020-06-01", "-o", "own.xlsx"], cwd=folder, check=True, capture_output=True)
    return folder / "own.xlsx"


def main():
    readers = [("openpyxl", openpyxl_of), ("calamine", calamine_of)]
    compared, differences, files = 0, [], []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_openpyxl(folder / "openpyxl.xlsx")
        write_openpyxl(folder / "openpyxl_1904.xlsx", days.CALENDAR_MAC_1904)
        write_xlsxwriter(folder / "xlsxwriter.xlsx")
        write_xlsxwriter(folder / "xlsxwriter_inline.xlsx", constant_memory=True)
        write_xlsxwriter(folder / "xlsxwriter_1904.xlsx", date_1904=True)
        write_pandas(folder / "pandas.xlsx")
        files = [(path, "数据", readers) for path in sorted(folder.glob("*.xlsx"))]
        own = write_eligo(folder)
        files.append((own, "Sheet1", readers))
        if shutil.which("soffice"):
            for kind in ("xlsx", "ods"):
                out = folder / f"libreoffice_{kind}"
                sources = [str(path) for path, sheet, _ in files if sheet == "数据"]
                subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind, "--outdir", str(out), *sources], check=True, capture_output=True, timeout=240)
                files += [(path, "数据", readers if kind == "xlsx" else readers[1:]) for path in sorted(out.glob(f"*.{kind}"))]
        else:
            print("LibreOffice is not installed: its files are not compared")
        for path, sheet, of_file in files:
            count, found = compare(path, sheet, of_file)
            print(f"{path.parent.name if path.parent != folder else '.'}/{path.name}: {count} cells compared, {len(found)} differences")
            compared += count
            differences += found
    for difference in differences[:60]:
        print(difference)
    print(f"{len(files)} workbooks, {compared} cells, {len(differences)} differences without a name")
    return 1 if differences or compared == 0 else 0


sys.exit(main())
