//! Opening the data directory under a bundle.

use std::sync::Arc;

use doudi_model::warning::Direction;
use doudi_model::{Day, Digest, Text};
use doudi_routing::Case;
use doudi_routing::plan::Plan;
use doudi_rules::bundle::{Bundle, Files};
use doudi_store::stages::{Rulebook, Shelf, Stages};
use doudi_store::{House, Options, bundles, clock};

use crate::context::{Context, Failure};

/// So many days without an entry are nothing to speak of: a long holiday.
const IDLE_DAYS_QUIET: i32 = 10;

/// A data directory at work, and the bundle that decides in it.
pub(crate) struct Opened {
    pub(crate) house: House,
    pub(crate) book: Arc<Rulebook>,
}

/// The routing plan of a bundle, proven total.
///
/// Deadlines beyond the published calendar are marked provisional and counted again once it is known.
pub(crate) fn plan(bundle: &Bundle) -> Result<Plan, Failure> {
    plan_as_of(bundle, None)
}

/// The same, where the longest deadline from a day must lie within the published calendar.
pub(crate) fn plan_as_of(bundle: &Bundle, day: Option<Day>) -> Result<Plan, Failure> {
    let categories: Vec<(String, std::collections::BTreeSet<Direction>)> = bundle.categories().into_iter().collect();
    Plan::load(bundle.files(), bundle.divisions(), &categories, day).map_err(Failure::Usage)
}

/// A bundle and its routing plan, both proven; what is wrong with either is reported together.
pub(crate) fn proven(files: Files) -> Result<Rulebook, Failure> {
    let mut routed = None;
    let loaded = Bundle::load_with(files, |bundle| match plan(bundle) {
        Ok(plan) => {
            routed = Some(plan);
            Vec::new()
        }
        Err(Failure::Usage(problems)) => problems,
        Err(Failure::Environment(problem)) => vec![problem],
    });
    let bundle = loaded.map_err(Failure::Usage)?;
    // Without a plan there were problems, and so no bundle.
    let plan = match routed {
        Some(plan) => plan,
        None => plan(&bundle)?,
    };
    Ok(Rulebook { bundle, plan })
}

impl Opened {
    /// A case with what staff wrote in clear, for whoever looks at this one case.
    pub(crate) fn readable(&self, mut case: Case) -> Case {
        self.house.keys().vault.open_texts(case.free_texts());
        case
    }
}

impl Context {
    /// Opens the data directory, makes it if it is not there, and brings every household up to the present day.
    pub(crate) fn house(&self) -> Result<Opened, Failure> {
        let opened = self.house_at_work()?;
        opened.house.settle_blocking()?;
        Ok(opened)
    }

    /// Opens the data directory, makes it if it is not there, and catches up with its journal; households that a
    /// day, a delivery or another bundle touches are looked at meanwhile.
    pub(crate) fn house_at_work(&self) -> Result<Opened, Failure> {
        let book = Arc::new(proven(self.bundle_files()?)?);
        let digest = book.bundle.digest();
        bundles::keep(self.data(), digest, book.bundle.files())?;
        let mut options = Options::new(self.data(), digest, clock::from_env()?);
        options.max_idle_days = self.idle_days.unwrap_or(options.max_idle_days);
        let house = House::open(&options, Stages::new(self.shelf(&book)))?;
        self.tell_idle(house.idle_days());
        house.tick_if_due_blocking()?;
        Ok(Opened { house, book })
    }

    /// Says that days are played which nobody may have meant to pass, unless they were accepted beforehand.
    fn tell_idle(&self, days: i32) {
        if days <= IDLE_DAYS_QUIET || self.idle_days.is_some() {
            return;
        }
        self.output().note(&Text::new(
            format!(
                "注意：系统时钟比最后一条记录晚{days}天，其间每天都已补走一遍（期限、时效随之变化），不能退回。时钟有误请停用这个\
                 目录并从备份恢复；确实停用了这么久，加 --idle-days {days} 不再提醒"
            ),
            format!(
                "note: the clock is {days} days after the last entry; each day in between is played (deadlines and freshness \
                 move) and cannot be taken back. If the clock is wrong, stop using this directory and restore it from a backup; \
                 if it really rested that long, --idle-days {days} accepts it"
            ),
        ));
    }

    /// Every bundle that ever decided here, with the present one at hand.
    pub(crate) fn shelf(&self, present: &Arc<Rulebook>) -> Shelf {
        let (data, present) = (self.data().to_owned(), Arc::clone(present));
        Box::new(move |digest: &Digest| {
            if *digest == present.bundle.digest() {
                return Some(Arc::clone(&present));
            }
            let files = bundles::read(&data, *digest).ok()??;
            let bundle = Bundle::restore(files).ok()?;
            let plan = plan(&bundle).ok()?;
            Some(Arc::new(Rulebook { bundle, plan }))
        })
    }
}
