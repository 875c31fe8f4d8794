//! Every aggregate × window × absence, with filters that go around, as declarations.

pub(crate) const AGGREGATES: [&str; 11] =
    ["sum", "count", "min", "max", "latest", "earliest", "any", "all", "distinct", "months_with", "change"];
pub(crate) const REACHES: [&str; 10] = [
    "ever",
    "as_of",
    "10 days",
    "2 months",
    "current month",
    "previous month",
    "current quarter",
    "previous year",
    "current term",
    "previous term",
];
pub(crate) const FILTERS: [&str; 5] = ["", "flag", "word == \"a\"", "n > 3", "seen <= day"];

/// What absence means, and when silence matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absence {
    Unknown,
    Zero,
    ZeroWhileFresh,
    Stale,
}

#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) of_person: bool,
    pub(crate) aggregate: &'static str,
    pub(crate) reach: &'static str,
    pub(crate) filter: &'static str,
    pub(crate) absence: Absence,
    /// Whether only one source's deliveries count.
    pub(crate) sourced: bool,
}

pub(crate) const FRESH: i32 = 20;
pub(crate) const SOURCE: &str = "urn:t:421202:yb";

pub(crate) fn all() -> Vec<Declared> {
    let mut all = Vec::new();
    for aggregate in AGGREGATES {
        for reach in REACHES {
            if (aggregate == "change" && ["ever", "as_of"].contains(&reach))
                || (aggregate == "months_with" && reach == "as_of")
            {
                continue;
            }
            for absence in [Absence::Unknown, Absence::Zero, Absence::ZeroWhileFresh, Absence::Stale] {
                let at = all.len();
                all.push(Declared {
                    name: format!("f{at}"),
                    kind: if at % 3 == 0 { "t.two" } else { "t.one" },
                    of_person: at % 5 == 0,
                    aggregate,
                    reach,
                    // Not in step with the absences.
                    filter: FILTERS[(at + at / 4) % FILTERS.len()],
                    absence,
                    sourced: at % 7 == 0 && matches!(absence, Absence::ZeroWhileFresh | Absence::Stale),
                });
            }
        }
    }
    all
}

impl Declared {
    pub(crate) fn unit(&self) -> &'static str {
        match self.aggregate {
            "count" | "distinct" | "months_with" => "count",
            "any" | "all" => "bool",
            _ => "fen",
        }
    }

    /// What is taken of a fact.
    pub(crate) fn value(&self) -> Option<&'static str> {
        match self.aggregate {
            "count" | "months_with" => None,
            "any" if self.name.ends_with('1') => None,
            "any" => Some("n > 5"),
            "all" => Some("flag"),
            "distinct" => Some("word"),
            _ => Some("amount"),
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut lines = vec![
            format!("[{}]", self.name),
            "title = { zh = \"某\", en = \"X\" }".to_owned(),
            format!("over = \"{}\"", if self.of_person { "person" } else { "household" }),
            format!("of = \"{}\"", self.kind),
            format!("unit = \"{}\"", self.unit()),
            format!("aggregate = \"{}\"", self.aggregate),
        ];
        lines.extend(self.value().map(|value| format!("value = '{value}'")));
        match self.reach {
            "ever" => {}
            "as_of" => lines.push("as_of = true".to_owned()),
            window => lines.push(format!("window = \"{window}\"")),
        }
        if !self.filter.is_empty() {
            lines.push(format!("where = '{}'", self.filter));
        }
        lines.push(match self.absence {
            Absence::Unknown => "absent = \"unknown\"".to_owned(),
            Absence::Zero => "absent = \"zero\"".to_owned(),
            Absence::ZeroWhileFresh => format!("absent = {{ zero_while_fresh = \"{FRESH} days\" }}"),
            Absence::Stale => format!("stale_after = \"{FRESH} days\""),
        });
        if self.sourced {
            lines.push(format!("source = \"{SOURCE}\""));
        }
        lines.join("\n") + "\n"
    }
}
