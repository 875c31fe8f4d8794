//! From a declaration over facts to a checked aggregate.

use doudi_model::Text;
use doudi_model::fact::Kind;
use toml::Spanned;

use super::aggregate::Reach;
use super::declare::{Absent, Aggregate, Raw, Unit};
use super::fields::{FieldScope, Filter, Picked, Wanted};
use super::{Aggregated, over_facts};
use crate::bundle::faults::Compiler;
use crate::bundle::{Code, Dictionary, FieldType, KindDeclaration};
use crate::row::ty;
use crate::{Expression, Type};

/// The aggregate that `raw` declares; `None` if it was refused and the faults were reported. `at` is its place.
pub(super) fn aggregated(
    raw: &Raw,
    at: usize,
    dictionary: &Dictionary,
    compiler: &mut Compiler<'_, '_>,
) -> Option<Aggregated> {
    let of = raw.of.as_ref()?;
    let kind = kind_of(of, dictionary, compiler)?;
    let Some(aggregate) = raw.aggregate else {
        compiler.say(
            at,
            "B0509",
            Text::new("由事实汇总的指标要写 aggregate", "a feature over facts needs `aggregate`"),
            Text::new(format!("{} 之一", Aggregate::NAMES), format!("one of {}", Aggregate::NAMES)),
        );
        return None;
    };
    let scope = FieldScope::new(kind);
    let filter = match &raw.filter {
        Some(text) => Some(Filter::new(compiler.condition(text, &scope)?, &scope)),
        None => None,
    };
    gives(aggregate, raw.unit, at, compiler)?;
    let value = value(raw, aggregate, at, kind, &scope, compiler)?;
    let reach = reach(raw, aggregate, at, kind, compiler)?;
    let absent = absent(raw, at, compiler)?;
    freshness(raw, absent, compiler)?;
    Some(Aggregated {
        kind: Kind::from(of.get_ref().as_str()),
        value,
        filter,
        aggregate,
        reach,
        absent,
        stale_after: raw.stale_after.as_ref().map(|span| *span.get_ref()),
        source: raw.source.as_ref().map(|source| source.get_ref().clone()),
    })
}

fn kind_of<'d>(
    of: &Spanned<String>,
    dictionary: &'d Dictionary,
    compiler: &mut Compiler<'_, '_>,
) -> Option<&'d KindDeclaration> {
    let found = dictionary.get(of.get_ref());
    if found.is_none() {
        let nearest = dictionary.nearest(of.get_ref());
        compiler.say(
            of.span().start,
            "B0508",
            Text::new(
                format!("没有声明过事实种类 {}", of.get_ref()),
                format!("no fact kind {} is declared", of.get_ref()),
            ),
            Text::new(
                nearest.map_or_else(|| "请在 facts/ 中声明".to_owned(), |name| format!("是否想写 {name}？")),
                nearest.map_or_else(|| "declare it in facts/".to_owned(), |name| format!("did you mean {name}?")),
            ),
        );
    }
    found
}

/// Whether an aggregate can give values of a unit.
fn gives(aggregate: Aggregate, unit: Unit, at: usize, compiler: &mut Compiler<'_, '_>) -> Option<()> {
    let (fits, zh, en) = match aggregate {
        Aggregate::Count | Aggregate::Distinct | Aggregate::MonthsWith => (unit == Unit::Count, "count", "count"),
        Aggregate::Any | Aggregate::All => (unit == Unit::Bool, "bool", "bool"),
        Aggregate::Sum | Aggregate::Change => (unit.is_number(), "数", "a number"),
        Aggregate::Min | Aggregate::Max => (unit.is_number() || unit == Unit::Date, "数或日期", "a number or a date"),
        Aggregate::Latest | Aggregate::Earliest => (true, "", ""),
    };
    if !fits {
        compiler.say(
            at,
            "B0521",
            Text::new(
                format!("这种汇总的结果是{zh}，不是 {}", unit.name()),
                format!("this aggregate gives {en}, not {}", unit.name()),
            ),
            Text::new("请改 unit 或 aggregate", "change `unit` or `aggregate`"),
        );
    }
    fits.then_some(())
}

/// What of a fact the feature takes; the outer `None` is a refusal.
#[expect(clippy::option_option, reason = "the outer one is a refusal, the inner one that nothing is taken")]
fn value(
    raw: &Raw,
    aggregate: Aggregate,
    at: usize,
    kind: &KindDeclaration,
    scope: &FieldScope,
    compiler: &mut Compiler<'_, '_>,
) -> Option<Option<Picked>> {
    match &raw.value {
        Some(text) if aggregate.counts_facts() => {
            compiler.say(
                text.span().start,
                "B0521",
                Text::new("这种汇总只数事实，不取字段", "this aggregate only counts facts and takes no field of them"),
                Text::new("请删去 value；要挑选事实请用 where", "remove `value`; to choose facts use `where`"),
            );
            None
        }
        Some(text) => picked(text, raw, aggregate, kind, scope, compiler).map(Some),
        None if aggregate.counts_facts() || aggregate == Aggregate::Any => Some(None),
        None => {
            compiler.say(
                at,
                "B0510",
                Text::new("这种汇总要写 value（取哪个字段）", "this aggregate needs `value`, the field it takes"),
                Text::new("例如 value = \"self_paid\"", "for example value = \"self_paid\""),
            );
            None
        }
    }
}

fn picked(
    text: &Spanned<String>,
    raw: &Raw,
    aggregate: Aggregate,
    kind: &KindDeclaration,
    scope: &FieldScope,
    compiler: &mut Compiler<'_, '_>,
) -> Option<Picked> {
    // Different values are counted whatever they are of.
    let any_type = aggregate == Aggregate::Distinct;
    if let Some(field) = kind.field(text.get_ref()) {
        let fits = match field.ty {
            FieldType::Sealed | FieldType::MemberList => false,
            _ if any_type => true,
            FieldType::Bool => raw.unit == Unit::Bool,
            FieldType::Int => raw.unit.is_number() && raw.unit != Unit::Fen && raw.scale == 0,
            FieldType::Money => raw.unit == Unit::Fen,
            FieldType::Date => raw.unit == Unit::Date,
            FieldType::Category => raw.unit == Unit::Category && codes_within(raw, &field.values),
            FieldType::Text => false,
        };
        if !fits {
            compiler.say(
                text.span().start,
                "B0520",
                Text::new(
                    format!("字段 {} 的类型与 unit = \"{}\" 不符", text.get_ref(), raw.unit.name()),
                    format!("the field {} is not of unit \"{}\"", text.get_ref(), raw.unit.name()),
                ),
                Text::new("请换一个字段或改 unit", "take another field or change `unit`"),
            );
        }
        return fits.then(|| Picked::Field(text.get_ref().clone()));
    }
    if raw.unit == Unit::Bool {
        let condition = compiler.condition(text, scope)?;
        return Some(Picked::Condition(Filter::new(condition, scope)));
    }
    let expression = compiler.expression(text, scope)?;
    let fits = any_type || over_facts::fits(&expression, ty(raw.unit, raw.scale), text, compiler);
    fits.then(|| Picked::Expression { wanted: Wanted::new(&expression.slots(), scope), expression, unit: raw.unit })
}

/// Whether the feature knows every code that the field may hold.
fn codes_within(raw: &Raw, codes: &[Code]) -> bool {
    let known = |code: &Code| raw.values.iter().any(|value| value.code == code.code);
    raw.values_of.is_some() || codes.iter().all(known)
}

/// Whether a computation gives values of a feature's type, to the same decimal place; if not, that is reported.
///
/// `income / members` would be a number of fen with a fraction: it has to say how it is rounded.
pub(super) fn fits(
    expression: &Expression,
    wanted: Type,
    text: &Spanned<String>,
    compiler: &mut Compiler<'_, '_>,
) -> bool {
    let found = expression.ty();
    let fits = match (found, wanted) {
        // A whole number is a number of any unit without decimal places but money.
        (Type::Number { unit: crate::Unit::Int, scale: 0 }, Type::Number { unit, scale: 0 }) => {
            unit != crate::Unit::Money
        }
        (found, wanted) => found == wanted,
    };
    if fits {
        return true;
    }
    let same_unit = |unit: crate::Unit, other: crate::Unit| {
        let plain = |unit: crate::Unit| matches!(unit, crate::Unit::Int | crate::Unit::Decimal);
        unit == other || plain(unit) && plain(other)
    };
    let (message, hint) = match (found, wanted) {
        (Type::Number { unit, scale }, Type::Number { unit: other, scale: wanted }) if same_unit(unit, other) => (
            Text::new(
                format!("算出的数有{scale}位小数，而这个指标是{wanted}位：没有说明怎样舍入"),
                format!("it has {scale} decimal places and the feature {wanted}: how to round is not said"),
            ),
            Text::new(
                format!("例如 round(…, \"half_up\", {wanted}) 或 div(a, b, \"half_up\", {wanted})"),
                format!("for example round(…, \"half_up\", {wanted}) or div(a, b, \"half_up\", {wanted})"),
            ),
        ),
        _ => (
            Text::new("算出的类型与 unit 不符", "what it gives is not of the feature's unit"),
            Text::new("请改 unit 或算式", "change `unit` or the computation"),
        ),
    };
    compiler.say(text.span().start, "B0523", message, hint);
    false
}

fn reach(
    raw: &Raw,
    aggregate: Aggregate,
    at: usize,
    kind: &KindDeclaration,
    compiler: &mut Compiler<'_, '_>,
) -> Option<Reach> {
    let over_time = matches!(aggregate, Aggregate::Change | Aggregate::MonthsWith);
    match (&raw.window, raw.as_of, &kind.span) {
        (None, true, Some(ends)) if !over_time => {
            return Some(Reach::AsOf { from: ends.from.clone(), to: ends.to.clone() });
        }
        (Some(window), false, _) => return Some(Reach::Window(*window.get_ref())),
        (None, false, _) if aggregate != Aggregate::Change => return Some(Reach::Ever),
        _ => {}
    }
    let (message, hint) = if !raw.as_of {
        (
            Text::new(
                "change 要写 window：从窗口开始时算变化",
                "`change` needs `window`: it is counted from its start",
            ),
            Text::new("例如 window = \"3 months\"", "for example window = \"3 months\""),
        )
    } else if raw.window.is_some() || over_time {
        (
            Text::new(
                "as_of 只看当日有效的事实，不能与 window、change、months_with 同用",
                "`as_of` reads only what holds on the day; it goes with neither `window` nor `change` nor `months_with`",
            ),
            Text::new("请删去其中一个", "remove one of them"),
        )
    } else {
        (
            Text::new("这种事实没有声明起止（span）", "this kind of fact declares no `span`"),
            Text::new(
                "在 facts/ 中写 span = { from = \"from\", to = \"to\" }",
                "write span = { from = \"from\", to = \"to\" } in facts/",
            ),
        )
    };
    let place = raw.window.as_ref().map_or(at, |window| window.span().start);
    compiler.say(place, "B0522", message, hint);
    None
}

fn absent(raw: &Raw, at: usize, compiler: &mut Compiler<'_, '_>) -> Option<Absent> {
    let absent = raw.absent.unwrap_or(Absent::Unknown);
    if absent != Absent::Unknown && matches!(raw.unit, Unit::Date | Unit::Category) {
        compiler.say(
            at,
            "B0511",
            Text::new(
                "日期和类别没有“零”，缺失只能是未知",
                "dates and categories have no zero; their absence is unknown",
            ),
            Text::new("请写 absent = \"unknown\"", "write absent = \"unknown\""),
        );
        return None;
    }
    Some(absent)
}

fn freshness(raw: &Raw, absent: Absent, compiler: &mut Compiler<'_, '_>) -> Option<()> {
    let within_absent = matches!(absent, Absent::ZeroWhileFresh(_));
    if let Some(span) = raw.stale_after.as_ref().filter(|_| within_absent) {
        compiler.say(
            span.span().start,
            "B0524",
            Text::new(
                "absent 已写明多久算过期，不能再写 stale_after",
                "`absent` says already after how long the source is silent; `stale_after` would say it twice",
            ),
            Text::new("请删去其中一个", "remove one of them"),
        );
        return None;
    }
    if let Some(source) = raw.source.as_ref().filter(|_| !within_absent && raw.stale_after.is_none()) {
        compiler.say(
            source.span().start,
            "B0524",
            Text::new(
                "写了 source，却没有写它多久不报送算过期",
                "`source` is named, but not after how long its silence matters",
            ),
            Text::new("请加 stale_after = \"45 days\"", "add stale_after = \"45 days\""),
        );
        return None;
    }
    Some(())
}
