//! What single features say, as a reader of the declaration would expect.

use doudi_model::{Day, Fact, Value};
use doudi_rules::feature::Reason;

use super::world::{bundle, day, fact, one, read, yuan};

const CHANGE: &str = "unit = \"fen\"\nvalue = \"amount\"\naggregate = \"change\"\nwindow = \"3 months\"";

fn paid(id: u16, on: &str, amount: i64) -> Fact {
    fact(id, day(on), &[("amount", yuan(amount))])
}

fn spanned(id: u16, from: &str, to: Option<&str>) -> Fact {
    let mut fields = vec![("from", Value::Date(day(from)))];
    fields.extend(to.map(|to| ("to", Value::Date(day(to)))));
    fact(id, day(from), &fields)
}

#[test]
fn change_is_the_value_now_less_the_value_when_the_window_began() {
    let bundle = bundle(&one(CHANGE));
    // The window of three months before 24 November begins on 25 August.
    let facts = [
        paid(1, "2026-02-01", 500),
        paid(2, "2026-08-24", 900),
        paid(3, "2026-10-01", 300),
        paid(4, "2026-11-24", 400),
    ];
    assert_eq!(read(&bundle, &facts, "2026-11-24").value, Ok(yuan(-500)));
    // The day before, the last value is that of October and the start that of February.
    let before = read(&bundle, &facts, "2026-11-23");
    assert_eq!(before.value, Ok(yuan(-200)), "{before:?}");
}

#[test]
fn a_value_first_reported_inside_the_window_has_no_change() {
    let bundle = bundle(&one(CHANGE));
    assert_eq!(read(&bundle, &[paid(1, "2026-10-01", 300)], "2026-11-24").value, Err(Reason::NoData));
    assert_eq!(read(&bundle, &[], "2026-11-24").value, Err(Reason::NoData));
}

#[test]
fn a_value_that_nobody_reported_anew_has_not_changed() {
    let bundle = bundle(&one(CHANGE));
    let reading = read(&bundle, &[paid(1, "2025-10-01", 300)], "2026-11-24");
    assert_eq!((reading.value, reading.next), (Ok(yuan(0)), Day::MAX));
}

#[test]
fn change_is_unknown_if_either_end_lacks_the_field() {
    let bundle = bundle(&one(CHANGE));
    let lacking = |id, on| fact(id, day(on), &[]);
    let missing = Err(Reason::FieldMissing("amount".to_owned()));
    for facts in
        [[lacking(1, "2026-01-01"), paid(2, "2026-11-01", 3)], [paid(1, "2026-01-01", 3), lacking(2, "2026-11-01")]]
    {
        assert_eq!(read(&bundle, &facts, "2026-11-24").value, missing);
    }
    // What neither end is, does not matter.
    let facts = [paid(1, "2026-01-01", 3), lacking(2, "2026-10-01"), paid(3, "2026-11-01", 4)];
    assert_eq!(read(&bundle, &facts, "2026-11-24").value, Ok(yuan(1)));
}

#[test]
fn months_with_counts_calendar_months_and_not_facts() {
    let twelve = bundle(&one("unit = \"count\"\naggregate = \"months_with\"\nwindow = \"12 months\""));
    let mut facts: Vec<Fact> = ["2025-11-25", "2025-11-30", "2026-01-31", "2026-01-01", "2026-11-24"]
        .iter()
        .zip(1..)
        .map(|(on, id)| paid(id, on, 1))
        .collect();
    assert_eq!(read(&twelve, &facts, "2026-11-24").value, Ok(Value::Int(3)));
    facts.push(paid(9, "2025-11-24", 1));
    assert_eq!(read(&twelve, &facts, "2026-11-24").value, Ok(Value::Int(3)), "a day before the window");
    let year = bundle(&one("unit = \"count\"\naggregate = \"months_with\"\nwindow = \"current year\""));
    assert_eq!(read(&year, &facts, "2026-11-24").value, Ok(Value::Int(2)));
}

#[test]
fn as_of_reads_what_holds_on_the_day_and_names_both_boundary_days() {
    let bundle = bundle(&one("unit = \"count\"\naggregate = \"count\"\nas_of = true\nabsent = \"zero\""));
    let facts = [spanned(1, "2026-09-01", Some("2027-01-20")), spanned(2, "2026-12-01", None)];
    for (on, count, next) in [
        ("2026-08-31", 0, "2026-09-01"),
        ("2026-09-01", 1, "2026-12-01"),
        ("2026-12-01", 2, "2027-01-21"),
        ("2027-01-20", 2, "2027-01-21"),
        ("2027-01-21", 1, "2200-12-31"),
    ] {
        let reading = read(&bundle, &facts, on);
        assert_eq!((reading.value, reading.next), (Ok(Value::Int(count)), day(next)), "{on}");
    }
}

#[test]
fn a_span_without_a_first_day_may_hold_the_day_and_one_reversed_never_does() {
    let bundle = bundle(&one("unit = \"count\"\naggregate = \"count\"\nas_of = true\nabsent = \"zero\""));
    let beginless = fact(1, day("2026-01-01"), &[("to", Value::Date(day("2026-12-01")))]);
    let open = read(&bundle, std::slice::from_ref(&beginless), "2026-11-24");
    assert_eq!(open.value, Err(Reason::FieldMissing("from".to_owned())));
    assert_eq!(open.next, day("2026-12-02"));
    assert_eq!(read(&bundle, &[beginless], "2026-12-02").value, Ok(Value::Int(0)));
    let reversed = spanned(2, "2026-11-30", Some("2026-11-01"));
    for on in ["2026-10-31", "2026-11-01", "2026-11-15", "2026-11-30"] {
        assert_eq!(read(&bundle, std::slice::from_ref(&reversed), on).value, Ok(Value::Int(0)), "{on}");
    }
}

#[test]
fn a_day_outside_the_known_terms_is_unknown_until_the_next_one_begins() {
    let bundle = bundle(&one("unit = \"count\"\naggregate = \"count\"\nwindow = \"previous term\"\nabsent = \"zero\""));
    let facts = [paid(1, "2026-12-01", 1)];
    let holiday = read(&bundle, &facts, "2027-02-01");
    assert_eq!((holiday.value, holiday.next), (Err(Reason::NoTerm), day("2027-02-15")));
    let spring = read(&bundle, &facts, "2027-02-15");
    assert_eq!((spring.value, spring.next), (Ok(Value::Int(1)), day("2027-07-06")));
    // The table does not reach back before the autumn.
    assert_eq!(read(&bundle, &facts, "2026-12-15").value, Err(Reason::NoTerm));
    assert_eq!(read(&bundle, &facts, "2030-01-01").next, Day::MAX);
}

#[test]
fn a_sum_whose_source_has_been_silent_for_long_is_unknown_and_not_an_old_number() {
    let sum =
        "unit = \"fen\"\nvalue = \"amount\"\naggregate = \"sum\"\nwindow = \"12 months\"\nstale_after = \"75 days\"";
    let bundle = bundle(&one(sum));
    let facts = [paid(1, "2026-08-01", 900), paid(2, "2026-09-01", 900)];
    let fresh = read(&bundle, &facts, "2026-11-15");
    assert_eq!((fresh.value, fresh.next), (Ok(yuan(1800)), day("2026-11-16")));
    assert_eq!(read(&bundle, &facts, "2026-11-16").value, Err(Reason::Stale));
}

#[test]
fn what_lies_ahead_does_not_make_a_source_fresh() {
    let count = "unit = \"count\"\naggregate = \"count\"\nabsent = { zero_while_fresh = \"45 days\" }";
    let bundle = bundle(&one(count));
    let ahead = [paid(1, "2027-01-01", 1)];
    let silent = read(&bundle, &ahead, "2026-11-24");
    assert_eq!((silent.value, silent.next), (Err(Reason::Stale), day("2027-01-01")));
}

#[test]
fn what_older_facts_lack_does_not_hide_the_latest_value() {
    let bundle = bundle(&one("unit = \"fen\"\nvalue = \"amount\"\naggregate = \"latest\"\nwhere = \"flag\""));
    let flagged = |id, on, amount: Option<i64>| {
        let mut fields = vec![("flag", Value::Bool(true))];
        fields.extend(amount.map(|amount| ("amount", yuan(amount))));
        fact(id, day(on), &fields)
    };
    let facts = [fact(1, day("2026-01-01"), &[]), flagged(2, "2026-02-01", None), flagged(3, "2026-03-01", Some(7))];
    assert_eq!(read(&bundle, &facts, "2026-11-24").value, Ok(yuan(7)));
    let later = [flagged(3, "2026-03-01", Some(7)), fact(4, day("2026-04-01"), &[])];
    assert_eq!(read(&bundle, &later, "2026-11-24").value, Err(Reason::FieldMissing("flag".to_owned())));
}

#[test]
fn a_value_outside_the_range_it_was_proven_for_is_unknown() {
    let sum = "unit = \"fen\"\nvalue = \"amount\"\naggregate = \"sum\"\nrange = [0, 100_000]";
    let bundle = bundle(&one(sum));
    assert_eq!(read(&bundle, &[paid(1, "2026-01-01", 1000)], "2026-11-24").value, Ok(yuan(1000)));
    let more = [paid(1, "2026-01-01", 1000), paid(2, "2026-01-02", 1)];
    assert_eq!(read(&bundle, &more, "2026-11-24").value, Err(Reason::OutOfRange));
}

#[test]
fn money_over_a_count_is_rounded_as_it_says_to_the_fen() {
    let features = |rounding: &str| {
        let sum = "[sum]\ntitle = { zh = \"某\", en = \"X\" }\nover = \"household\"\nof = \"t.one\"\n\
                   unit = \"fen\"\nvalue = \"amount\"\naggregate = \"sum\"\nrange = [-1_000_000, 1_000_000]\n";
        format!(
            "{sum}\n[x]\ntitle = {{ zh = \"某\", en = \"X\" }}\nover = \"household\"\nunit = \"fen\"\n\
             range = [-1_000_000, 1_000_000]\nexpr = 'div(sum, members, \"{rounding}\")'\n"
        )
    };
    let fen = |fen: i64| Value::Money(doudi_model::Fen(fen));
    for (rounding, whole) in [("half_up", 2), ("floor", 1), ("ceil", 2), ("down", 1)] {
        let bundle = bundle(&features(rounding));
        // 3 fen between two people.
        let facts = [fact(1, day("2026-01-01"), &[("amount", fen(3))])];
        assert_eq!(read(&bundle, &facts, "2026-11-24").value, Ok(fen(whole)), "{rounding}");
    }
}
