//! Faults of the bundle's files.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "B0101",
        ("规则包缺少文件，或目录里没有规则包。", "--rules 指向含 bundle.toml 的目录；缺的文件参照内置规则包补上。"),
        (
            "The bundle lacks a file, or the folder holds no bundle.",
            "Let --rules name the folder with bundle.toml; the built-in bundle shows each file's form.",
        ),
        "doudi --rules ./empty rules check",
    ),
    page(
        "B0102",
        ("TOML 文件的写法或字段不对。", "看报错的行列，对照 rules/README.md。"),
        ("A TOML file is malformed or has a wrong field.", "Look at the line and column, and at rules/README.md."),
        "wieght = 30",
    ),
    page(
        "B0103",
        ("文件不是 UTF-8，常见于 Excel 直接保存的 CSV（GB18030）。", "另存为“CSV UTF-8”。"),
        ("The file is not UTF-8, as when Excel saves CSV in GB18030.", "Save it as \"CSV UTF-8\"."),
        "standards/xianning.csv",
    ),
    page(
        "B0104",
        ("表头缺少列，或同一列出现两次。", "按提示补上列名，大小写要一致；重复的删去一列。"),
        (
            "The header lacks a column, or names one twice.",
            "Add the column named in the hint, spelt exactly so; remove a column that is there twice.",
        ),
        "standard,division,from,value",
    ),
    page(
        "B0105",
        ("这一行不是有效的 CSV，或比表头多出几格。", "检查引号是否成对，含逗号的内容加双引号。"),
        (
            "This line is not valid CSV, or has more cells than the header has columns.",
            "Check that quotes come in pairs; quote text that holds a comma.",
        ),
        "dibao_annual,421200000000,\"2026-01-01,",
    ),
    page(
        "B0106",
        (
            "规则包里有一个没有人读的文件：目录名写错，或目录里不读这种文件。",
            "按提示移到正确的目录，或改文件名的结尾。",
        ),
        (
            "The bundle holds a file that nothing reads: its folder is misspelt, or the folder holds other kinds of files.",
            "Move it into the folder that the hint names, or give it the right ending.",
        ),
        "warning/medical-burden.toml    facts/medical.csv",
    ),
    page(
        "B0301",
        ("标准表中有一格不对。", "按指出的列改正：代码12位、日期 YYYY-MM-DD、单位 fen ratio count days。"),
        (
            "A cell of a standards table is wrong.",
            "Mend the column named: codes of 12 digits, days YYYY-MM-DD, units fen ratio count days.",
        ),
        "dibao_annual,4212,2026/1/1,,9000,yuan,…",
    ),
    page(
        "B0302",
        ("同一项标准用了两种单位。", "各行用同一单位。"),
        ("One standard has two units.", "Use one unit in all its rows."),
        "rigid_ratio … ratio    rigid_ratio … fen",
    ),
    page(
        "B0303",
        ("同一地方同一标准的有效期重叠。", "给较早的一行填上 to（最后一天）。"),
        ("Two rows of one standard for one place overlap in time.", "Give the earlier row its last day in `to`."),
        "from 2025-01-01 to (blank)    from 2026-01-01",
    ),
    page(
        "B0304",
        ("标准没有名称，页面上无法称呼它。", "在 standards/titles.toml 写上中英文名称。"),
        (
            "A standard has no title, so pages cannot name it.",
            "Write its title in both languages in standards/titles.toml.",
        ),
        "dibao_annual = { zh = \"低保标准（年）\", en = \"Dibao line, a year\" }",
    ),
    page(
        "B0305",
        (
            "学期表（calendar/terms.csv）中有一格不对。",
            "term 和 source 不能为空；from、to 写 YYYY-MM-DD，to 不早于 from。",
        ),
        (
            "A cell of the table of school terms (calendar/terms.csv) is wrong.",
            "Fill term and source; write from and to as YYYY-MM-DD, `to` not before `from`.",
        ),
        "2026-autumn,2026-09-01,soon,…",
    ),
    page(
        "B0306",
        ("两个学期的日期重叠，或中间漏了学期。", "改正起止日期，或补上中间的学期。"),
        ("Two school terms overlap, or one between them is left out.", "Mend the days, or add the terms in between."),
        "2026-autumn,2026-09-01,… after 2025-autumn",
    ),
    page(
        "B0307",
        (
            "提示，不是错误：规则要用的标准，在某地某段时间没有数；那里的规则在此期间判为未知，不会当作不成立。",
            "查到公布的数就在 standards/ 补一行并写明出处；本地没有的按上级的数，补上级一行即可。",
        ),
        (
            "A note, not a fault: a standard that a rule needs has no figure for some place and days; there the rule is unknown, not false.",
            "Where a figure was published, add a row with its source in standards/; a row of the division above serves all below it.",
        ),
        "dibao_annual … from 2026-01-01    effective = { from = 2024-01-01 }",
    ),
    page(
        "B0401",
        (
            "levels.toml 不对：级别重复、分数不递减，或名称不是 red orange yellow blue。",
            "按从重到轻排列，分数依次减小。",
        ),
        (
            "levels.toml is wrong: a level twice, scores that do not fall, or an unknown name.",
            "List red, orange, yellow, blue with falling scores.",
        ),
        "[[level]]\nname = \"purple\"",
    ),
    page(
        "B0501",
        ("事实种类声明了两次。", "删去其中一处。"),
        ("A fact kind is declared twice.", "Remove one of the two."),
        "[\"medical.expense\"] …",
    ),
    page(
        "B0502",
        ("事实种类的声明自相矛盾，例如 valid 不是日期字段、范围颠倒、类别没有代码。", "按指出的字段改正。"),
        (
            "A fact kind contradicts itself: `valid` is no date field, a range is reversed, a category has no codes.",
            "Mend the field named.",
        ),
        "valid = \"self_paid\"",
    ),
    page(
        "B0503",
        ("指标声明了两次，或与内置指标同名。", "删去一处，或换一个名字。"),
        ("A feature is declared twice or has the name of a built-in one.", "Remove one, or give it another name."),
        "[members]",
    ),
    page(
        "B0504",
        ("values_of 没有指向类别字段。", "写成“事实种类.字段”，例如 aid.status.scheme。"),
        ("`values_of` names no category field.", "Write kind.field, such as aid.status.scheme."),
        "values_of = \"aid.scheme\"",
    ),
    page(
        "B0505",
        ("指标应恰好有 of、expr、members 三者之一。", "由事实汇总用 of，由其他指标计算用 expr，由成员汇总用 members。"),
        (
            "A feature has exactly one of `of`, `expr` and `members`.",
            "`of` aggregates facts, `expr` computes from features, `members` lifts features of members.",
        ),
        "[x]\nof = \"medical.expense\"\nexpr = \"members\"",
    ),
    page(
        "B0506",
        ("members 应恰好有 count、any、all、sum 之一。", "例如 members = { count = 'age < 16' }。"),
        ("`members` has exactly one of count, any, all and sum.", "For example members = { count = 'age < 16' }."),
        "members = {}",
    ),
    page(
        "B0508",
        ("指标引用了没有声明的事实种类。", "检查拼写，或先在 facts/ 声明。"),
        ("A feature reads a fact kind that is not declared.", "Check the spelling, or declare it in facts/ first."),
        "of = \"medical.expenses\"",
    ),
    page(
        "B0509",
        (
            "由事实汇总的指标没有写 aggregate。",
            "写 sum count min max latest earliest any all distinct months_with change 之一。",
        ),
        (
            "A feature over facts lacks `aggregate`.",
            "Write one of sum count min max latest earliest any all distinct months_with change.",
        ),
        "of = \"medical.expense\"",
    ),
    page(
        "B0510",
        ("这种汇总要说明取哪个字段。", "加 value，例如 value = \"self_paid\"。"),
        ("This aggregate must say which field it takes.", "Add value, such as value = \"self_paid\"."),
        "aggregate = \"sum\"",
    ),
    page(
        "B0511",
        ("日期和类别没有“零”，缺失只能是未知。", "写 absent = \"unknown\"。"),
        ("Days and categories have no zero; their absence is unknown.", "Write absent = \"unknown\"."),
        "unit = \"date\"\nabsent = \"zero\"",
    ),
    page(
        "B0512",
        ("指标互相循环引用，算不出来。", "让其中一个不再引用其余。"),
        ("Features refer to each other in a circle.", "Let one of them stop referring to the others."),
        "a.expr = \"b\"    b.expr = \"a\"",
    ),
    page(
        "B0520",
        ("指标取的字段与 unit 不符。", "换一个字段，或把 unit 改成该字段的类型。"),
        ("The field that a feature takes is not of its unit.", "Take another field, or give the unit of the field."),
        "unit = \"fen\"\nvalue = \"settled_on\"",
    ),
    page(
        "B0521",
        (
            "汇总方式与 unit 或 value 不符，例如 count 的结果不是次数，或 count 写了 value。",
            "按指出的改 unit、aggregate 或 value。",
        ),
        (
            "The aggregate does not go with `unit` or `value`: a count that is no count, or one with a value.",
            "Change unit, aggregate or value as the message says.",
        ),
        "unit = \"fen\"\naggregate = \"count\"",
    ),
    page(
        "B0522",
        (
            "指标看哪些天的事实没有写清：change 要有 window，as_of 要事实种类有 span，二者不能同用。",
            "按指出的补 window，或在 facts/ 中写 span = { from = \"…\", to = \"…\" }。",
        ),
        (
            "Which days a feature looks at is not clear: `change` needs `window`, `as_of` needs a kind with `span`, and \
             the two exclude each other.",
            "Add window, or span = { from = \"…\", to = \"…\" } in facts/, as the message says.",
        ),
        "of = \"medical.expense\"\nas_of = true",
    ),
    page(
        "B0523",
        (
            "算出的值与指标的 unit 或小数位数不符，例如金额除以人数而没有说明怎样舍入。",
            "写 div(a, b, \"half_up\") 或 round(…, \"half_up\", 0)，或改 unit、scale。",
        ),
        (
            "What is computed is not of the feature's unit or has other decimal places: money divided, not rounded.",
            "Write div(a, b, \"half_up\") or round(…, \"half_up\", 0), or change unit or scale.",
        ),
        "unit = \"fen\"\nexpr = \"0.5 * income_12m\"",
    ),
    page(
        "B0524",
        (
            "多久不报送算过期写了两次，或写了 source 却没有写多久。",
            "zero_while_fresh 与 stale_after 只留一个；写了 source 的要有其中一个。",
        ),
        (
            "After how long a source is silent is said twice, or `source` is named and it is not said at all.",
            "Keep one of zero_while_fresh and stale_after; a feature with `source` needs one.",
        ),
        "absent = { zero_while_fresh = \"45 days\" }\nstale_after = \"45 days\"",
    ),
    page(
        "B0601",
        ("区划表中有一格不对。", "代码12位；level 为 province city county township village；日期 YYYY-MM-DD。"),
        (
            "A cell of the division table is wrong.",
            "Codes have 12 digits; level is province, city, county, township or village; days are YYYY-MM-DD.",
        ),
        "4212,咸宁市,town,…",
    ),
    page(
        "B0602",
        ("区划的上级不在表中。", "补上上级的一行。"),
        ("The division above is not in the table.", "Add its row."),
        "parent = 421299000000",
    ),
    page(
        "B0701",
        ("两条规则同名。", "给其中一个换 id。"),
        ("Two rules have one id.", "Give one of them another."),
        "id = \"medical-burden\"",
    ),
    page(
        "B0702",
        ("supersedes 写了不存在的规则。", "检查拼写，或删去。"),
        ("`supersedes` names a rule that does not exist.", "Check the spelling, or take it out."),
        "supersedes = [\"medical-first\"]",
    ),
    page(
        "B0703",
        ("规则有效期的终止早于开始。", "改正 effective。"),
        ("The rule ends before it begins.", "Mend `effective`."),
        "effective = { from = 2026-01-01, to = 2025-12-31 }",
    ),
    page(
        "B0704",
        ("规则没有写法律依据。", "补上 basis：法律、条款、起始日期。"),
        ("The rule names no legal basis.", "Add `basis`: law, article, from when."),
        "basis = []",
    ),
    page(
        "B0705",
        ("规则的测试少于三个，或没有一个缺数据。", "补上 [[test]]，至少一个写 \"unknown\"。"),
        (
            "The rule has fewer than three tests, or none with missing data.",
            "Add [[test]] blocks, one of them with \"unknown\".",
        ),
        "[[test]]\nname = \"…\"",
    ),
    page(
        "B0706",
        ("规则自带的测试写得不对：指标不认识、值读不懂，或 expect 不是 true false unknown。", "改正测试中指出的一项。"),
        (
            "A test beside a rule is malformed: unknown feature, unreadable value, or a strange `expect`.",
            "Mend the item named.",
        ),
        "given = { income = \"lots\" }",
    ),
    page(
        "B0707",
        (
            "规则自带的测试不通过：条件给出的答案不是 expect 所写的。有测试不通过的规则包不会启用。",
            "看提示中各个比较的结果，改条件，或改测试；doudi rules test 只跑测试。",
        ),
        (
            "A test beside a rule fails: the condition does not answer what `expect` says. A bundle with a failing test is not used.",
            "The hint shows each comparison; mend the condition or the test. `doudi rules test` runs the tests alone.",
        ),
        "given = { members = 3 }    expect = \"false\"",
    ),
];
