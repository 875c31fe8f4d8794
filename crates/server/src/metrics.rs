//! What is counted, each declared once; what cannot be counted yet is not declared, rather than shown as nothing. Labels hold codes of sources, rules, counties; never a person's data.

use std::time::Duration;

use doudi_model::Instant;
use doudi_model::warning::Level;
use doudi_store::machine::Spent;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};

use crate::service::{Counts, Measured, Notice, Progress, Receipt};

/// Bounds of the alert histogram in seconds: the aim is 100 ms.
const ALERT_SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0];
const STAGE_SECONDS: [f64; 10] = [0.000_005, 0.000_02, 0.000_1, 0.000_5, 0.002, 0.01, 0.05, 0.25, 1.0, 5.0];

/// Every metric of the service.
pub struct Metrics {
    registry: Registry,
    /// Events by source of arrival and outcome (`accepted`, `duplicate`, `refused`).
    pub events: IntCounterVec,
    /// From arrival of an event to the notice on open screens.
    pub event_to_alert: Histogram,
    /// Time of one entry in each stage (`score`, `sweep`, `desk`), of one append to the `journal`, of one `commit`.
    pub stage: HistogramVec,
    /// Log entries a stage has still to apply.
    pub lag: IntGaugeVec,
    /// Decisions by level.
    pub decisions: IntCounterVec,
    /// Open warnings.
    pub warnings_open: IntGaugeVec,
    /// Cases by county and state.
    pub cases_open: IntGaugeVec,
    /// Overdue cases by county.
    pub case_overdue: IntGaugeVec,
    /// Seconds since a source last delivered.
    pub source_age: IntGaugeVec,
    /// Dead letters by reason.
    pub dead_letters: IntCounterVec,
    /// Dead letters not yet dealt with.
    pub dead_letters_open: IntGaugeVec,
    /// Bytes of the record.
    pub ledger_size: IntGauge,
    /// Bundles read anew while running, by outcome (`adopted`, `unchanged`, `refused`).
    pub bundle_loads: IntCounterVec,
    /// Messages sent by channel and outcome.
    pub deliveries: IntCounterVec,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

/// Registers a collector; a name that is taken or malformed shows in the test of names.
fn keep<C: prometheus::core::Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    #[expect(clippy::expect_used, reason = "names and labels are constants, built once at start and in every test")]
    let collector = made.expect("a metric's name and labels are well formed");
    if let Err(fault) = registry.register(Box::new(collector.clone())) {
        tracing::error!(%fault, "a metric is declared twice");
    }
    collector
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("doudi")
}

fn seconds(name: &str, help: &str, bounds: &[f64]) -> HistogramOpts {
    HistogramOpts::new(name, help).namespace("doudi").buckets(bounds.to_vec())
}

impl Metrics {
    /// All metrics at zero.
    #[must_use]
    pub fn new() -> Metrics {
        let registry = Registry::new();
        let r = &registry;
        let count = |name, help, labels: &[&str]| keep(r, IntCounterVec::new(opts(name, help), labels));
        let gauge = |name, help, labels: &[&str]| keep(r, IntGaugeVec::new(opts(name, help), labels));
        Metrics {
            events: count("events_total", "Events by source and outcome.", &["source", "outcome"]),
            event_to_alert: keep(
                r,
                Histogram::with_opts(seconds(
                    "event_to_alert_seconds",
                    "From an event's arrival to its alert.",
                    &ALERT_SECONDS,
                )),
            ),
            stage: keep(
                r,
                HistogramVec::new(
                    seconds(
                        "stage_seconds",
                        "Time of an entry in a stage, of an append to the journal, of a commit.",
                        &STAGE_SECONDS,
                    ),
                    &["stage"],
                ),
            ),
            lag: gauge("lag_entries", "Entries not yet applied.", &["stage", "partition"]),
            decisions: count("decisions_total", "Decisions by level.", &["level"]),
            warnings_open: gauge("warnings_open", "Open warnings.", &["category", "level"]),
            cases_open: gauge("cases_open", "Cases by county and state.", &["county", "state"]),
            case_overdue: gauge("case_overdue", "Overdue cases.", &["county"]),
            source_age: gauge("source_age_seconds", "Seconds since a source delivered.", &["source"]),
            dead_letters: count("dead_letters_total", "Dead letters by reason.", &["reason"]),
            dead_letters_open: gauge("dead_letters_open", "Dead letters not yet dealt with.", &["reason"]),
            ledger_size: keep(r, IntGauge::with_opts(opts("ledger_size", "Bytes of the record."))),
            bundle_loads: count("bundle_loads_total", "Bundles read anew, by outcome.", &["outcome"]),
            deliveries: count("deliveries_total", "Messages by channel and outcome.", &["channel", "outcome"]),
            registry,
        }
    }

    /// Counts what became of a batch that came over `source` (`http`, `kafka`, `file`).
    pub fn admitted(&self, source: &str, receipt: &Receipt) {
        let count = |count: usize| u64::try_from(count).unwrap_or(0);
        let codes = receipt.refused.iter().map(|(_, problem)| problem.code.as_ref());
        self.arrived(source, (count(receipt.accepted), count(receipt.duplicates)), codes);
    }

    fn arrived<'c>(&self, source: &str, taken: (u64, u64), refused: impl ExactSizeIterator<Item = &'c str>) {
        let add = |outcome: &str, count: u64| self.events.with_label_values(&[source, outcome]).inc_by(count);
        add("accepted", taken.0);
        add("duplicate", taken.1);
        add("refused", u64::try_from(refused.len()).unwrap_or(0));
        for code in refused {
            self.dead_letters.with_label_values(&[code]).inc();
        }
    }

    /// Counts what the house measures.
    pub fn measured(&self, measured: &Measured<'_>) {
        let stage = |name: &str, took: Duration| self.stage.with_label_values(&[name]).observe(took.as_secs_f64());
        match measured {
            Measured::Appended(took) => stage("journal", *took),
            Measured::Applied { spent, decisions, commit } => {
                stage("commit", *commit);
                self.spent(spent);
                for (level, count) in *decisions {
                    self.decisions.with_label_values(&[*level]).inc_by(*count);
                }
            }
            Measured::Taken { accepted, duplicates, refused } => {
                self.arrived("kafka", (*accepted, *duplicates), refused.iter().map(AsRef::as_ref));
            }
        }
    }

    fn spent(&self, spent: &[Spent]) {
        for one in spent {
            for (name, took) in [("score", one.score), ("sweep", one.sweep), ("desk", one.desk)] {
                // Most entries go through one stage alone.
                if !took.is_zero() {
                    self.stage.with_label_values(&[name]).observe(took.as_secs_f64());
                }
            }
        }
    }

    /// Counts a notice that goes to open screens at `now`. Its own instant is that of the event that caused it.
    pub fn told(&self, notice: &Notice, now: Instant) {
        self.deliveries.with_label_values(&["web", "sent"]).inc();
        if matches!(notice.kind.as_str(), "case-opened" | "case-warning") {
            let ms = u32::try_from(now.ms().saturating_sub(notice.at.ms())).unwrap_or(0);
            self.event_to_alert.observe(f64::from(ms) / 1000.0);
        }
    }

    /// The exposition text, with the gauges as the house has them now.
    #[must_use]
    pub fn render(&self, progress: &Progress, counts: &Counts) -> String {
        self.lag.with_label_values(&["all", "0"]).set(i64::try_from(progress.lag).unwrap_or(i64::MAX));
        self.set(counts);
        let mut out = Vec::new();
        if let Err(fault) = TextEncoder::new().encode(&self.registry.gather(), &mut out) {
            tracing::error!(%fault, "metrics cannot be written");
        }
        String::from_utf8(out).unwrap_or_default()
    }

    fn set(&self, counts: &Counts) {
        let int = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.ledger_size.set(int(counts.record_bytes));
        for gauge in [&self.warnings_open, &self.cases_open, &self.case_overdue, &self.source_age] {
            gauge.reset();
        }
        for (category, level, count) in &counts.warnings_open {
            self.warnings_open.with_label_values(&[category.as_str(), Level::name(*level)]).set(int(*count));
        }
        self.dead_letters_open.reset();
        for (reason, count) in &counts.dead_letters {
            self.dead_letters_open.with_label_values(&[reason]).set(int(*count));
        }
        for (county, state, count) in &counts.cases {
            self.cases_open.with_label_values(&[county.to_string().as_str(), state.name()]).set(int(*count));
        }
        for (county, count) in &counts.overdue {
            self.case_overdue.with_label_values(&[&county.to_string()]).set(int(*count));
        }
        for (source, age) in &counts.source_age_seconds {
            self.source_age.with_label_values(&[source]).set(int(*age));
        }
    }
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_metric_of_the_contract_is_there() {
        let metrics = Metrics::new();
        metrics.event_to_alert.observe(0.01);
        let spent = [Spent { score: Duration::from_millis(3), ..Spent::default() }];
        let (decisions, commit) = (BTreeMap::from([("red", 2)]), Duration::from_millis(1));
        metrics.measured(&Measured::Applied { spent: &spent, decisions: &decisions, commit });
        metrics.measured(&Measured::Appended(Duration::from_millis(1)));
        metrics.measured(&Measured::Taken { accepted: 3, duplicates: 0, refused: &["payload/range".into()] });
        metrics.deliveries.with_label_values(&["web", "sent"]).inc();
        let problem =
            doudi_model::Problem::new("envelope/json", doudi_model::Text::new("", ""), doudi_model::Text::new("", ""));
        metrics.admitted(
            "http",
            &Receipt {
                accepted: 1,
                duplicates: 1,
                refused: vec![(0, problem)],
                position: "1".into(),
                ..Receipt::default()
            },
        );
        let county = "421202000000".parse().unwrap();
        let text = metrics.render(
            &Progress::default(),
            &Counts {
                warnings_open: vec![("medical".into(), Level::Red, 2)],
                cases: vec![(county, crate::view::State::Opened, 1)],
                overdue: vec![(county, 1)],
                source_age_seconds: vec![("urn:x".into(), 5)],
                ..Counts::default()
            },
        );
        for name in [
            "events_total",
            "event_to_alert_seconds",
            "stage_seconds",
            "lag_entries",
            "decisions_total",
            "warnings_open",
            "cases_open",
            "case_overdue",
            "source_age_seconds",
            "dead_letters_total",
            "ledger_size",
            "deliveries_total",
        ] {
            assert!(text.contains(&format!("# TYPE doudi_{name} ")), "{name} is missing:\n{text}");
        }
        for line in [
            "doudi_decisions_total{level=\"red\"} 2",
            "doudi_stage_seconds_count{stage=\"score\"} 1",
            "doudi_stage_seconds_count{stage=\"journal\"} 1",
            "doudi_events_total{outcome=\"accepted\",source=\"kafka\"} 3",
            "doudi_dead_letters_total{reason=\"payload/range\"} 1",
        ] {
            assert!(text.contains(line), "{line} is missing:\n{text}");
        }
        for name in ["unknown_verdicts_ratio", "parity_"] {
            assert!(!text.contains(name), "{name} is not fed, so it is not shown");
        }
    }
}
