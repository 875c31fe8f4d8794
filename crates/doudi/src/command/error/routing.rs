//! Faults of the routing tables and of the calendar.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "routing/gap",
        ("有的区划、类别、级别没有主办单位。", "在 routes.csv 加一行；区划、类别、级别都空着的一行管所有。"),
        (
            "Some division, category and level has no lead office.",
            "Add a row to routes.csv; one with all three blank takes everything.",
        ),
        "421202000000,medical,,t-{township},",
    ),
    page(
        "routing/office-unknown",
        ("表里写的单位不在 offices.csv，或按 {township}、{county} 代入后不存在。", "在 offices.csv 补上，或改正编号。"),
        (
            "A table names an office that offices.csv does not have, also after {township} or {county} is filled in.",
            "Add it to offices.csv, or mend the id.",
        ),
        ",medical,,c-{county}-ybj,",
    ),
    page(
        "routing/office-id",
        ("单位编号写法不对。", "用小写字母、数字和连字符，例如 t-421202105、c-421202-mz。"),
        ("An office's id is malformed.", "Lower-case letters, digits and hyphens, such as t-421202105 or c-421202-mz."),
        "T 421202105",
    ),
    page(
        "routing/office-kind",
        ("没有这种单位。", "写 township county city department 之一。"),
        ("There is no such kind of office.", "One of township, county, city, department."),
        "kind = village",
    ),
    page(
        "routing/office-name",
        ("单位没有名称。", "填上 name 和 name_en。"),
        ("An office has no name.", "Fill in name and name_en."),
        "c-421202-mz,,,421202000000,county,…",
    ),
    page(
        "routing/office-circle",
        ("单位的上级绕成了圈。", "改正 parent，使其一级一级向上。"),
        ("Offices stand above one another in a circle.", "Mend parent so that it leads upwards."),
        "a,…,parent=b    b,…,parent=a",
    ),
    page(
        "routing/division-unknown",
        ("表里的区划不在区划表。", "核对12位代码。"),
        ("A table names a division that the division table does not have.", "Check the 12 digits."),
        "421299000000,,,…",
    ),
    page(
        "routing/no-county-office",
        ("没有一个县级或市级单位，出了问题无人兜底。", "在 offices.csv 加一个 kind 为 county 或 city 的单位。"),
        ("There is no county or city office as the last resort.", "Add one of kind county or city to offices.csv."),
        "offices.csv",
    ),
    page(
        "routing/deadline-missing",
        ("有的类别、级别、方向没有期限。", "在 deadlines.csv 加一行；都空着的一行管所有。"),
        (
            "Some category, level and direction has no deadline.",
            "Add a row to deadlines.csv; one with all blank takes everything.",
        ),
        ",,,2,7,10",
    ),
    page(
        "routing/deadline-order",
        ("签收、走访、反馈的期限次序颠倒。", "签收不晚于走访，走访不晚于反馈。"),
        ("Deadlines are out of order.", "Acknowledge no later than visit, visit no later than report."),
        ",,,5,3,10",
    ),
    page(
        "routing/escalation-missing",
        ("有的环节过期后没有督办。", "在 escalation.csv 给 acknowledge、visit、report 各写一行 escalate。"),
        ("Some step has no escalation.", "Give acknowledge, visit and report a row with escalate in escalation.csv."),
        "2,visit,{parent},escalate",
    ),
    page(
        "routing/escalation-nobody",
        ("有的工单过期后，督办找不到上面的人。", "给主办单位填上 parent，或把督办指到一个确定的单位。"),
        ("For some case, escalation finds nobody above.", "Give the lead office a parent, or name a fixed office."),
        "3,report,{parent},escalate",
    ),
    page(
        "routing/duplicate",
        ("两行的键相同，不知道哪行算数。", "删去一行。"),
        ("Two rows have the same key.", "Remove one."),
        "421202000000,medical,,…    421202000000,medical,,…",
    ),
    page(
        "routing/cell",
        ("这一格的内容读不懂。", "按提示的写法改正。"),
        ("A cell cannot be read.", "Mend it as the hint says."),
        "level = 特急",
    ),
    page(
        "routing/number",
        ("应是范围内的整数工作日。", "写 0 至 500 的整数；提前提醒可写负数。"),
        ("A whole number of working days is expected.", "0 to 500; negative for a reminder beforehand."),
        ",,,两天,7,10",
    ),
    page(
        "routing/category-unused",
        ("没有规则属于这个类别，这一行用不上。只是提醒。", "检查拼写，或留着待用。"),
        ("No rule has this category; the row is never used. Only a note.", "Check the spelling, or keep it for later."),
        ",medcial,,…",
    ),
    page(
        "table/missing",
        ("规则包缺少这张表。", "补上文件。"),
        ("The bundle lacks this table.", "Add the file."),
        "routing/routes.csv",
    ),
    page(
        "table/empty",
        ("表是空的。", "第一行写表头。"),
        ("The table is empty.", "The first line is the header."),
        "routing/routes.csv",
    ),
    page(
        "table/column-missing",
        ("表头缺少列。", "按提示补上。"),
        ("The header lacks a column.", "Add it as the hint says."),
        "division,category,level,lead",
    ),
    page(
        "table/column-unknown",
        ("表头有不认识的列。", "删去，或改成提示里的列名。"),
        ("The header has a column that is not known.", "Remove it, or rename it."),
        "division,category,level,lead,co,备注",
    ),
    page(
        "table/cells",
        ("这一行比表头多出单元格。", "含逗号的内容加双引号。"),
        ("A row has more cells than the header.", "Quote text that holds a comma."),
        ",medical,,t-{township},a,b",
    ),
    page(
        "table/unreadable",
        ("不是 UTF-8 编码的 CSV。", "另存为“CSV UTF-8（逗号分隔）”。"),
        ("Not a CSV table in UTF-8.", "Save it as CSV UTF-8 (comma delimited)."),
        "routing/offices.csv",
    ),
    page(
        "calendar/not-published",
        (
            "那一年的放假安排没有公布，算不出确定的工作日。",
            "国务院办公厅通知公布后补进规则包 calendar/；calendar due 可加 --provisional 要暂定日期。",
        ),
        (
            "That year's holidays are not published, so working days are not sure.",
            "Add the year to the bundle's calendar/ once the State Council has published it; `calendar due --provisional` gives a provisional day.",
        ),
        "doudi calendar due --from 2026-12-30 --working-days 5",
    ),
    page(
        "calendar/range",
        ("日期超出能计算的范围。", "核对起算日和天数。"),
        ("The day is out of range.", "Check the first day and the number of days."),
        "--working-days 4000000000",
    ),
    page(
        "calendar/date",
        ("日历表里不是日期。", "写成 2026-10-01。"),
        ("Not a day in the calendar table.", "Write it like 2026-10-01."),
        "2026/10/1,holiday,国庆节",
    ),
    page(
        "calendar/kind",
        ("没有这种日子。", "写 holiday（放假）或 workday（调休上班）。"),
        ("There is no such kind of day.", "holiday, or workday for a weekend worked."),
        "2026-10-01,festival,国庆节",
    ),
    page(
        "calendar/contradiction",
        ("同一天既放假又上班。", "删去一行。"),
        ("A day is both a holiday and a working day.", "Remove one row."),
        "2026-10-10",
    ),
];
