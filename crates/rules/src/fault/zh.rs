//! 条件错误的中文说法。

use super::{Fault, FaultKind};
use crate::check::Shape;
use crate::syntax::Construct;

/// How a type is called.
fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Bool => "是非",
        Shape::Int => "整数",
        Shape::Decimal => "小数",
        Shape::Money => "金额",
        Shape::Days => "天数",
        Shape::Date => "日期",
        Shape::Text => "文字",
        Shape::Category => "类别",
        Shape::List => "列表",
    }
}

pub(super) fn message(fault: &Fault) -> String {
    let at = &fault.source;
    match &fault.kind {
        FaultKind::Syntax { .. } => format!("读不懂这里的 `{at}`"),
        FaultKind::Unfinished => "条件没有写完".to_owned(),
        FaultKind::Operator { found, .. } => format!("条件里没有运算符 `{found}`"),
        FaultKind::Foreign { found, write: Some(_), .. } => format!("`{found}` 是全角或中文符号"),
        FaultKind::Foreign { found, write: None, .. } => format!("名字和符号中不能有 `{found}`"),
        FaultKind::Number => format!("`{at}` 不是能准确表示的数"),
        FaultKind::OpenText => "文字没有右引号".to_owned(),
        FaultKind::Reserved => format!("`{at}` 是保留字，不能作名字"),
        FaultKind::TooLong { most, found } => format!("条件有 {found} 字节，最多 {most} 字节"),
        FaultKind::TooDeep { most } => format!("嵌套太深，最多 {most} 层"),
        FaultKind::TooManyLeaves { most } => format!("一个条件里的比较太多，最多 {most} 个"),
        FaultKind::Unsupported(what) => construct(what).0,
        FaultKind::UnknownFunction { .. } => format!("没有函数 `{at}`"),
        FaultKind::UnknownName { .. } => format!("没有声明过 `{at}`"),
        FaultKind::Type { expected, found } => {
            format!("这里要{}，`{at}` 却是{}", shape(*expected), shape(*found))
        }
        FaultKind::Mix { left, right } => format!("`{at}`：{}与{}不能在一起比较或计算", shape(*left), shape(*right)),
        FaultKind::Chain => format!("不能连着比较：`{at}`"),
        FaultKind::NotACategory { .. } => format!("{at} 不是这个类别的代码"),
        FaultKind::Arguments { form } => format!("参数个数不对，写法是 `{form}`"),
        FaultKind::NotALiteral { form } => format!("`{at}` 须直接写出，写法是 `{form}`"),
        FaultKind::Rounding => format!("没有这种取整方式：{at}"),
        FaultKind::NotADay => format!("{at} 不是日期"),
        FaultKind::NotFen => format!("`{at}` 不是整分的金额"),
        FaultKind::Overflow => format!("按声明的取值范围，`{at}` 可能放不下"),
        FaultKind::Settled { always: true } => format!("按声明的取值范围，只要有数据，`{at}` 总是成立"),
        FaultKind::Settled { always: false } => format!("按声明的取值范围，`{at}` 总不成立"),
        FaultKind::Constant { always: false, clash: Some((one, other)) } if one != other => {
            format!("永远不会成立：`{one}` 与 `{other}` 互相排斥")
        }
        FaultKind::Constant { always: false, .. } => format!("`{at}` 永远不会成立"),
        FaultKind::Constant { always: true, .. } => format!("只要有数据，`{at}` 总是成立"),
        FaultKind::Twice => format!("列表里 {at} 写了两次"),
        FaultKind::Count { of } => format!("共有 {of} 个条件，`{at}` 总是或总不成立"),
        FaultKind::ByZero => format!("`{at}` 除以零"),
    }
}

pub(super) fn hint(fault: &Fault) -> String {
    match &fault.kind {
        FaultKind::Syntax { write: Some(write) } => format!("写作 `{write}`"),
        FaultKind::Syntax { write: None } => "检查前后的运算符、逗号和括号".to_owned(),
        FaultKind::Unfinished => "补上缺的部分或右括号".to_owned(),
        FaultKind::Operator { write, .. } => format!("写作 `{write}`"),
        FaultKind::Foreign { write: Some(write), .. } => format!("用英文输入法写 `{write}`"),
        FaultKind::Number => "写成 `0.85`、`1200` 这样的数，最多 18 位小数、38 位数字".to_owned(),
        FaultKind::OpenText => "补上英文右引号".to_owned(),
        FaultKind::Reserved => "换一个名字".to_owned(),
        FaultKind::TooLong { .. } | FaultKind::TooDeep { .. } | FaultKind::TooManyLeaves { .. } => {
            "拆成几条规则，或把一部分声明为指标".to_owned()
        }
        FaultKind::Unsupported(what) => construct(what).1.to_owned(),
        FaultKind::UnknownFunction { nearest: Some(nearest) }
        | FaultKind::UnknownName { nearest: Some(nearest) }
        | FaultKind::Foreign { nearest: Some(nearest), .. } => {
            format!("是否想写 `{nearest}`？")
        }
        FaultKind::Foreign { write: None, .. } => {
            "指标用声明时的英文名，例如 `income_12m`；中文只能写在引号里，例如 \"低保\"".to_owned()
        }
        FaultKind::UnknownFunction { nearest: None } => {
            "可用：between known or days age age_on min max div round at_least startsWith date yuan fen".to_owned()
        }
        FaultKind::UnknownName { nearest: None } => "先声明这个指标或标准".to_owned(),
        FaultKind::Type { expected: Shape::Bool, .. } => "写成比较，例如 `member_count > 2`".to_owned(),
        FaultKind::Type { expected, .. } => format!("换成{}", shape(*expected)),
        FaultKind::Mix { left: Shape::Money, right: Shape::Int | Shape::Decimal }
        | FaultKind::Mix { left: Shape::Int | Shape::Decimal, right: Shape::Money } => {
            "金额写作 `yuan(1200)` 或 `fen(120000)`；两个金额之比用 `div(a, b, \"half_up\", 2)`".to_owned()
        }
        FaultKind::Mix { left: Shape::Days, .. } | FaultKind::Mix { right: Shape::Days, .. } => {
            "整数作天数写 `days(n)`".to_owned()
        }
        FaultKind::Mix { left: Shape::Date, .. } | FaultKind::Mix { right: Shape::Date, .. } => {
            "日期写作 `date(\"2026-01-01\")`，两个日期相差的天数写作 `days(a, b)`".to_owned()
        }
        FaultKind::Mix { .. } => "两边换成同一种类型、同一个单位".to_owned(),
        FaultKind::Chain => "写作 `between(b, a, c)` 或 `a < b && b < c`".to_owned(),
        FaultKind::NotACategory { nearest: Some(nearest), .. } => format!("是否想写 \"{nearest}\"？"),
        FaultKind::NotACategory { allowed, .. } => format!("可用：{}", allowed.join("、")),
        FaultKind::Arguments { form } | FaultKind::NotALiteral { form } => format!("写作 `{form}`"),
        FaultKind::Rounding => "可用：\"half_up\" 四舍五入，\"floor\" 向下，\"ceil\" 向上，\"down\" 舍去".to_owned(),
        FaultKind::NotADay => "写成 `date(\"2026-01-01\")`".to_owned(),
        FaultKind::NotFen => "最多两位小数，例如 `yuan(1200.50)`".to_owned(),
        FaultKind::Overflow => "收窄有关指标的取值范围，或少乘几项".to_owned(),
        FaultKind::Settled { .. } => "改比较的数，或改指标声明的取值范围".to_owned(),
        FaultKind::Constant { always: false, .. } => "检查数字和比较的方向，或者本意是 `||`".to_owned(),
        FaultKind::Constant { always: true, .. } => {
            "检查数字，或者本意是 `&&`；只问有没有数据，写 `known(x)`".to_owned()
        }
        FaultKind::Twice => "删去其中一个".to_owned(),
        FaultKind::Count { of } => format!("写 1 到 {of} 之间的整数"),
        FaultKind::ByZero => "除数换成不为零的数".to_owned(),
    }
}

/// What is refused, and what to write instead.
fn construct(what: &Construct) -> (String, &'static str) {
    match what {
        Construct::Null => {
            ("条件里没有 null".to_owned(), "有没有数据写作 `known(x)`，没有时的替代值写作 `x.or(默认值)`")
        }
        Construct::Map => ("条件里没有 `{…}`".to_owned(), "删去；需要的值声明为指标"),
        Construct::Macro(name) if name == "has" => ("条件里没有 `has`".to_owned(), "有没有数据写作 `known(x)`"),
        Construct::Macro(name) => (format!("条件里没有 `{name}`"), "对成员或时间的汇总声明为指标，在条件里用它的名字"),
        Construct::Index => ("条件里没有下标 `[…]`".to_owned(), "需要的值声明为指标"),
        Construct::Bytes => ("条件里没有字节串".to_owned(), "写成文字 \"…\""),
        Construct::Unsigned => ("条件里没有无符号数".to_owned(), "去掉末尾的 u"),
        Construct::Modulo => ("条件里没有取余 `%`".to_owned(), "需要的值声明为指标"),
        Construct::Division => (
            "除不尽时须说明怎样取整".to_owned(),
            "写作 `div(a, b, \"half_up\")`；要小数加位数：`div(a, b, \"half_up\", 4)`；或把除数乘到另一边",
        ),
        Construct::Syntax => ("条件里没有这种写法".to_owned(), "只用声明过的名字，不用反引号、`.?` 和开头的点"),
        Construct::List => ("这里不能写列表".to_owned(), "列表只用在 `x in [a, b]` 和 `at_least(2, [p, q, r])` 里"),
        Construct::TextArithmetic => ("文字不能计算".to_owned(), "文字只能比较：`==`、`!=`、`in`、`startsWith`"),
        Construct::Order => ("这两个值不分大小".to_owned(), "用 `==`、`!=` 或 `in`"),
        Construct::Clock => (
            "条件里没有时钟".to_owned(),
            "判定所看的那一天写作 `day`；日期写 `date(\"2026-01-01\")`，天数写 `days(a, b)`，年龄写 `age_on`",
        ),
        Construct::Float => ("条件里没有浮点数".to_owned(), "直接写小数，例如 `0.85`，按原样精确计算"),
        Construct::Conversion => {
            ("不能把一种类型变成另一种".to_owned(), "声明时就用它本来的单位；取整写 `round(x, \"half_up\")`")
        }
        Construct::TextFunction => {
            ("文字只能比较".to_owned(), "用 `==`、`!=`、`in` 或 `startsWith`；其余的内容声明为类别")
        }
        Construct::Field => ("这里不能取字段".to_owned(), "用声明过的指标名"),
    }
}
