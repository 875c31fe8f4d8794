//! On random facts: the engine equals the oracle; a reading brought up to date equals one from scratch; no value changes
//! before the day that was named for it.

use std::collections::{BTreeMap, BTreeSet};

use doudi_model::fact::{Kind, Subject};
use doudi_model::{Day, Fact, Value};
use doudi_rules::bundle::Bundle;
use doudi_rules::feature::{File, Readings};
use proptest::prelude::*;

use super::declared::{self, Declared, SOURCE};
use super::oracle::Known;
use super::world::{bundle, by_kind, day, fact, file, person, yuan};

/// A stretch that holds the turn of a year, of quarters and months, the end of a term, a holiday, the next term.
const FIRST: &str = "2026-11-20";
const LAST: &str = "2027-03-05";

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(12);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn around() -> impl Strategy<Value = Day> {
    (-100..130i32).prop_map(|days| day(FIRST).plus_days(days))
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let maybe = prop::option::weighted::<BoxedStrategy<Value>>;
    let date = || around().prop_map(Value::Date).boxed();
    let fields = (
        maybe(0.8, date()),
        maybe(0.5, date()),
        maybe(0.8, date()),
        maybe(0.9, (0..50i64).prop_map(yuan).boxed()),
        maybe(0.9, (0..9i64).prop_map(Value::Int).boxed()),
        maybe(0.9, any::<bool>().prop_map(Value::Bool).boxed()),
        maybe(0.9, prop::sample::select(vec!["a", "b"]).prop_map(|word| Value::Text(word.to_owned())).boxed()),
    );
    // Corrected: an earlier fact by its number, or that it is taken back.
    let one = (around(), fields, 1..3u8, any::<bool>(), 0..3u8, prop::option::weighted(0.15, 0..30u16), 0..4u8);
    prop::collection::vec(one, 0..14).prop_map(|all| {
        let each = all.into_iter().enumerate();
        each.map(|(at, (on, (from, to, seen, amount, n, flag, word), who, own, kind, corrects, back))| {
            let fields = [
                ("from", from),
                ("to", to),
                ("seen", seen),
                ("amount", amount),
                ("n", n),
                ("flag", flag),
                ("word", word),
            ];
            let some: Vec<(&str, Value)> =
                fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            let at = u16::try_from(at).unwrap();
            let mut fact = fact(at, on, &some);
            fact.subject = Subject::Person(person(who));
            fact.source = if own { SOURCE.to_owned() } else { "urn:t:421202:other".to_owned() };
            fact.kind = Kind::from(if kind == 0 { "t.two" } else { "t.one" });
            let earlier = corrects.filter(|_| at > 0).map(|corrects| super::world::fact(corrects % at, on, &[]).id);
            fact.supersedes = earlier;
            fact.withdrawn = earlier.is_some() && back == 0;
            fact
        })
        .collect()
    })
}

fn catalogue() -> (Vec<Declared>, Bundle) {
    let all = declared::all();
    let text: Vec<String> = all.iter().map(Declared::text).collect();
    let bundle = bundle(&text.join("\n"));
    (all, bundle)
}

fn covered<'a>(mut file: File<'a>, coverage: Option<Day>, by_source: Option<Day>) -> File<'a> {
    for kind in ["t.one", "t.two"].map(Kind::from) {
        file.coverage.extend(coverage.map(|through| (kind.clone(), through)));
        let by = by_source.map(|through| (kind, BTreeMap::from([(SOURCE.to_owned(), through)])));
        file.coverage_by.extend(by);
    }
    file
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_aggregate_window_and_absence_reads_as_its_words_say(
        facts in facts(),
        coverage in prop::option::of(around()),
        by_source in prop::option::of(around()),
    ) {
        let (all, bundle) = catalogue();
        let kinds = by_kind(&facts);
        let file = covered(file(&kinds), coverage, by_source);
        for step in 0..15 {
            let on = day(FIRST).plus_days(step * 7);
            let readings = bundle.evaluate(&file, on, None).readings;
            let known = Known { facts: &facts, day: on, covered: coverage, covered_by_source: by_source };
            for declared in &all {
                for who in [person(1), person(2)] {
                    let feature = bundle.features().get(&declared.name).unwrap();
                    let found = readings.get(feature, Some(&who)).unwrap();
                    let expected = known.read(declared, who);
                    prop_assert_eq!(
                        found.value.clone().ok(), expected, "{:?} on {} of {:?}: {:?}", declared, on, who, found
                    );
                }
            }
        }
    }

    #[test]
    fn no_value_changes_before_the_day_that_was_named(facts in facts(), coverage in prop::option::of(around())) {
        let (_, bundle) = catalogue();
        let kinds = by_kind(&facts);
        let file = covered(file(&kinds), coverage, coverage);
        let mut on = day(FIRST);
        let mut before = bundle.evaluate(&file, on, None).readings;
        let mut named: Vec<Day> = each(&bundle, &before).map(|(_, next)| next).collect();
        while on < day(LAST) {
            on = on.plus_days(1);
            let now = bundle.evaluate(&file, on, None).readings;
            let pairs = each(&bundle, &before).zip(each(&bundle, &now)).zip(&mut named);
            for (((was, _), (is, next)), named) in pairs {
                prop_assert!(was.1 == is.1 || on >= *named, "{} was {:?}, is {:?} on {on}, named {named}", was.0, was.1, is.1);
                if on >= *named {
                    *named = next;
                }
            }
            before = now;
        }
    }

    #[test]
    fn a_reading_brought_up_to_date_is_the_one_from_scratch(
        facts in facts(),
        order in any::<prop::sample::Index>(),
        later in 0..12i32,
        coverage in prop::option::of(around()),
    ) {
        let (_, bundle) = catalogue();
        // Whatever comes first, the set is the same in the end.
        let mut waiting = facts.clone();
        if !waiting.is_empty() {
            let at = order.index(waiting.len());
            waiting.rotate_left(at);
        }
        let mut on = day(FIRST);
        let mut here: Vec<Fact> = Vec::new();
        let empty = BTreeMap::new();
        let mut readings = bundle.evaluate(&covered(file(&empty), coverage, coverage), on, None).readings;
        for new in waiting {
            let touched = BTreeSet::from([new.kind.clone()]);
            here.push(new);
            let kinds = by_kind(&here);
            // A day may pass, as long as nothing was due on it.
            let then = on.plus_days(later);
            if then < readings.next() && then < day(LAST) {
                on = then;
            }
            let mut only = kinds.clone();
            only.retain(|kind, _| touched.contains(kind));
            let scratch = bundle.evaluate(&covered(file(&kinds), coverage, coverage), on, None).readings;
            prop_assert!(on < readings.next());
            let only = covered(file(&only), coverage, coverage);
            readings = bundle.evaluate(&only, on, Some((readings, &touched))).readings;
            prop_assert_eq!(&readings, &scratch);
        }
    }
}

type Named = ((String, Option<Value>), Day);

fn each<'a>(bundle: &'a Bundle, readings: &'a Readings) -> impl Iterator<Item = Named> + 'a {
    bundle.features().iter().flat_map(move |feature| {
        [person(1), person(2)].into_iter().map(move |who| {
            let reading = readings.get(feature, Some(&who)).unwrap();
            ((feature.name.clone(), reading.value.clone().ok()), reading.next)
        })
    })
}
