//! One world: accounts at a simulated AWS, two processes over one store, people, and trouble.

mod estate;
mod fate;
mod process;

pub(crate) use estate::{Estate, Table, plan, selection};
pub(crate) use process::{Gone, Slot};

use std::sync::{Arc, OnceLock};

use jiff::SignedDuration;
use tidemark_domain::cost::PriceList;
use tidemark_runs::MemoryRunStore;
use tidemark_testkit::{
    FakeAccountStore, FakeAuditLog, FakeCaptures, FakeCatalogue, FakeCloud, FakeRecordsCloud,
    FakeRunItems, FakeRunStarts, MemoryCheckpoints,
};
use tokio::task::JoinSet;

use crate::{
    dice::Dice,
    oracle::{Oracle, Rule, Seen, Violation},
    people,
    profile::Profile,
    time::{TrueTime, wait},
    trace::{Keep, Trace},
    weather::Weather,
};

/// Everything that one world is made of. Cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    /// The seed.
    pub(crate) seed: u64,
    /// What kind of world it is.
    pub(crate) profile: Profile,
    /// Time.
    pub(crate) time: TrueTime,
    /// What happened.
    pub(crate) trace: Trace,
    /// AWS.
    pub(crate) aws: FakeCloud,
    /// What is in trouble.
    pub(crate) weather: Weather,
    /// Who judges.
    pub(crate) oracle: Oracle,
    /// What there was in the beginning.
    pub(crate) estate: Arc<Estate>,
    store: Arc<MemoryRunStore>,
    audit: FakeAuditLog,
    starts: Arc<FakeRunStarts>,
    items: FakeRunItems,
    accounts: FakeAccountStore,
    catalogue: FakeCatalogue,
    captures: FakeCaptures,
    records: FakeRecordsCloud,
    checkpoints: Arc<MemoryCheckpoints>,
    prices: Arc<PriceList>,
}

/// What came of a world.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// What did not hold.
    pub violations: Vec<Violation>,
    /// How many runs there were.
    pub runs: usize,
    /// How long the world lasted.
    pub lasted: SignedDuration,
    /// The hash over the trace; that of an empty one where no trace was kept.
    pub hash: u64,
    /// The trace, where it was kept.
    pub lines: Vec<String>,
}

/// How long a run may take to end once all is well, beyond what AWS itself takes.
const PATIENCE: SignedDuration = SignedDuration::from_hours(2);

/// Lives through the world of a seed.
pub fn live(seed: u64, keep: Keep) -> anyhow::Result<Outcome> {
    let prices = prices()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    Ok(runtime.block_on(async {
        let world = World::make(seed, keep, prices);
        world.live().await;
        world.outcome()
    }))
}

/// The prices that ship with the console, read once.
fn prices() -> anyhow::Result<Arc<PriceList>> {
    static PRICES: OnceLock<Arc<PriceList>> = OnceLock::new();
    if let Some(prices) = PRICES.get() {
        return Ok(Arc::clone(prices));
    }
    let prices = Arc::new(tidemark_services::cost::list_prices()?);
    Ok(Arc::clone(PRICES.get_or_init(|| prices)))
}

impl World {
    fn make(seed: u64, keep: Keep, prices: Arc<PriceList>) -> Self {
        let time = TrueTime::start();
        let trace = Trace::new(keep);
        let profile = Profile::draw(seed);
        trace.say(SignedDuration::ZERO, || format!("{profile:?}"));
        let aws = FakeCloud::new(time.aws().clone());
        let estate = Arc::new(Estate::draw(&profile, &Dice::new(seed, "estate"), &aws));
        let pace = fate::Speed::new(profile.clone(), Dice::new(seed, "speed"));
        aws.set_pace(Arc::new(pace));
        if let Some(at_once) = profile.restores_at_once {
            aws.limit_restores(at_once);
        }
        let items = FakeRunItems::default();
        let accounts = FakeAccountStore::with(estate.accounts.clone());
        let records = FakeRecordsCloud::default();
        estate.add_records(&records);
        let captures = FakeCaptures::default();
        let all_there_is = Seen {
            aws: aws.clone(),
            items: items.clone(),
            records: records.clone(),
            captures: captures.clone(),
        };
        let oracle = Oracle::new(
            all_there_is,
            time.clone(),
            trace.clone(),
            profile.clock_jumps == 0,
        );
        oracle.begin(&estate.scopes);
        let store: Arc<MemoryRunStore> = Arc::default();
        let audit = FakeAuditLog::default();
        Self {
            seed,
            profile,
            time,
            trace,
            aws,
            weather: Weather::default(),
            oracle,
            estate,
            starts: Arc::new(FakeRunStarts::new(store.clone(), Arc::new(audit.clone()))),
            store,
            audit,
            items,
            catalogue: FakeCatalogue::new(accounts.clone()),
            accounts,
            captures,
            records,
            checkpoints: Arc::default(),
            prices,
        }
    }

    async fn live(&self) {
        let slots: Vec<Slot> = ["a", "b"].map(|name| Slot::start(self, name)).into();
        let mut tasks = JoinSet::new();
        for (number, person) in people::draw(self).into_iter().enumerate() {
            tasks.spawn(people::live(self.clone(), slots.clone(), person, number));
        }
        fate::spawn(self, &slots, &mut tasks);
        wait(self.profile.span).await;
        self.trace
            .say(self.time.elapsed(), || "all is well".to_owned());
        self.weather
            .calm_down(&self.aws, &self.estate.account_ids());
        self.join(tasks).await;
        for slot in &slots {
            slot.clock().set_ahead(SignedDuration::ZERO);
            slot.revive(self);
        }
        self.settle().await;
        // Jobs that nobody waits for end too.
        wait(self.profile.longest()).await;
        for scope in &self.estate.scopes {
            self.oracle.look(scope);
        }
        self.oracle.close(&self.store, &self.audit).await;
        for slot in &slots {
            slot.kill(self);
        }
    }

    /// Waits for everything that people and fate do; what panics is a defect.
    async fn join(&self, mut tasks: JoinSet<()>) {
        while let Some(end) = tasks.join_next().await {
            if let Err(error) = end
                && error.is_panic()
            {
                self.oracle.report(Rule::NoPanic, error.to_string());
            }
        }
    }

    /// Waits until every run has ended, or long enough.
    async fn settle(&self) {
        let until = self.time.elapsed() + self.profile.longest() + PATIENCE;
        while self.time.elapsed() < until && self.oracle.count().1 > 0 {
            wait(SignedDuration::from_secs(30)).await;
        }
    }

    fn outcome(&self) -> Outcome {
        Outcome {
            seed: self.seed,
            violations: self.oracle.violations(),
            runs: self.oracle.count().0,
            lasted: self.time.elapsed(),
            hash: self.trace.hash(),
            lines: self.trace.lines(),
        }
    }
}
