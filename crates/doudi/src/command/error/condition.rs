//! Faults of conditions and expressions in rules and features.

use super::{Page, page};

pub(super) const PAGES: &[Page] = &[
    page(
        "B0201",
        ("条件读不下去：语法不对、没有写完，或用了保留字。", "看报错指出的位置；并且写 &&，或者写 ||，不是写 !。"),
        (
            "The condition cannot be read: wrong syntax, unfinished, or a reserved word.",
            "Look at the place named; and is &&, or is ||, not is !.",
        ),
        "members > 2 and no_aid",
    ),
    page(
        "B0202",
        ("用了别的语言的运算符。", "相等写 ==，不等写 !=。"),
        ("An operator of another language.", "Equal is ==, unequal is !=."),
        "members = 3    members <> 3",
    ),
    page(
        "B0203",
        (
            "条件里有只能放在引号内的字符，常见的是中文标点或中文指标名。",
            "换成英文标点；指标写英文名，中文名只是标题。",
        ),
        (
            "A sign that only quoted text may hold, often Chinese punctuation or a Chinese title.",
            "Use English punctuation; write a feature's name, not its title.",
        ),
        "members ＞ 2    家庭人口 > 2",
    ),
    page(
        "B0204",
        ("数字写得不对或位数太多，或文字缺少结尾引号。", "小数写 0.6；文字前后都加引号。"),
        (
            "A malformed number, one with too many digits, or text without its closing quote.",
            "Write decimals as 0.6; quote text on both sides.",
        ),
        "ratio > 0.6.0    scheme == \"dibao",
    ),
    page(
        "B0205",
        ("条件太长、嵌套太深，或比较太多。", "拆成几个指标（expr），或拆成几条规则。"),
        (
            "The condition is too long, too deep, or has too many comparisons.",
            "Split it into features (`expr`) or into several rules.",
        ),
        "((((((…))))))",
    ),
    page(
        "B0206",
        ("CEL 有这种写法，条件里没有：列表、映射、宏、正则等。", "按成员或按时间的汇总请声明为指标。"),
        (
            "CEL has this construct, conditions do not: lists, maps, macros, regular expressions.",
            "Declare aggregates over members or time as features.",
        ),
        "people.exists(p, p.age < 16)",
    ),
    page(
        "B0207",
        ("没有声明过这个指标、标准或变量。", "检查拼写；指标在 features/ 声明，标准写 standard.<名称>。"),
        (
            "No such feature, standard or variable is declared.",
            "Check the spelling; features are declared in features/, standards are written standard.<name>.",
        ),
        "medical_self_payed_12m > 0",
    ),
    page(
        "B0208",
        ("没有这个函数。", "可用的有 div、round、at_least、date 等，见 rules/README.md。"),
        ("There is no such function.", "Known are div, round, at_least, date and others: see rules/README.md."),
        "average(income_12m)",
    ),
    page(
        "B0209",
        ("这里需要另一种类型的值，或连写了比较。", "条件的每一部分应是“是或否”；a < b < c 写成 a < b && b < c。"),
        (
            "A value of another type is needed here, or comparisons are chained.",
            "Each part of a condition is yes or no; write a < b && b < c.",
        ),
        "income_12m && no_aid    0 < members < 3",
    ),
    page(
        "B0210",
        ("两边的类型或单位不同，不能比较或计算。", "金额和金额比，天数和天数比；需要换算就用 div 或标准。"),
        (
            "The two sides have different types or units.",
            "Compare money with money and days with days; convert with div or a standard.",
        ),
        "income_12m > members",
    ),
    page(
        "B0211",
        ("这个文字不是该类别的代码。", "写 facts/ 或 features/ 中列出的代码。"),
        ("This text is not one of the category's codes.", "Write a code listed in facts/ or features/."),
        "relation == \"father\"",
    ),
    page(
        "B0212",
        (
            "函数的参数个数不对、应写字面值而写了计算，或没有这种取整方式。",
            "按提示的形式写，例如 div(a, b, \"half_up\")。",
        ),
        (
            "Wrong number of arguments, something computed where a literal must stand, or no such rounding.",
            "Follow the form in the hint, for example div(a, b, \"half_up\").",
        ),
        "div(income_12m)    div(a, b, \"nearest\")",
    ),
    page(
        "B0213",
        ("文字不是日期，或金额不是整数分。", "日期写 date(\"2026-01-01\")；金额最多两位小数。"),
        (
            "The text is no day, or the amount is not whole fen.",
            "Write date(\"2026-01-01\"); amounts have two decimals at most.",
        ),
        "date(\"2026-02-30\")    income_12m > 0.005",
    ),
    page(
        "B0214",
        ("按声明的范围，计算结果可能放不下。", "收紧指标的 range，或减少相乘。"),
        ("By the declared ranges the result might not fit.", "Narrow the ranges of the features, or multiply less."),
        "income_12m * income_12m * income_12m",
    ),
    page(
        "B0215",
        ("按声明的范围，答案早已确定：永远成立或永远不成立。", "检查数字和方向，或改正指标的 range。"),
        (
            "By the declared ranges the answer is settled beforehand.",
            "Check the number and the direction, or mend the feature's range.",
        ),
        "members < 0    at_least(5, [a, b])",
    ),
    page(
        "B0216",
        ("除以字面的零。", "改成正确的除数；除数是指标时，为零即未知。"),
        ("Division by the literal zero.", "Give the right divisor; where a feature is zero the result is unknown."),
        "div(income_12m, 0, \"half_up\")",
    ),
    page(
        "B0217",
        (
            "几个比较合在一起，条件（或其中一段）永远不会成立，或永远不会不成立；规则等于没写。",
            "检查数字、比较的方向，以及 && 和 || 是否写反；只问有没有数据，写 known(x)。",
        ),
        (
            "Taken together, the comparisons leave no household for which the condition, or a part of it, is true, or none for which it is false.",
            "Check the figures, the direction of the comparisons, and whether && and || are the right way round; known(x) asks whether there is data.",
        ),
        "members > 5 && members < 3    no_aid || !no_aid",
    ),
    page(
        "B0218",
        ("列表里同一个值写了两次，多半有一个是笔误。", "删去其中一个，或改成本来要写的。"),
        (
            "A value stands twice in one list; one of the two is probably a slip.",
            "Remove one, or write the one that was meant.",
        ),
        "scheme in [\"dibao\", \"edge\", \"dibao\"]",
    ),
];
