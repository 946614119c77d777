use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::DoorLimits;
use crate::http::rate_limit::key_of;

/// The connections that are open.
pub(super) struct Open {
    limits: DoorLimits,
    next: AtomicU64,
    places: Arc<Mutex<HashMap<u64, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    address: IpAddr,
    state: Arc<State>,
    close: CancellationToken,
}

/// The place of one connection; given back when dropped.
pub(super) struct Place {
    id: u64,
    entry: Entry,
    places: Arc<Mutex<HashMap<u64, Entry>>>,
}

impl Open {
    pub(super) fn new(limits: DoorLimits) -> Self {
        Self {
            limits,
            next: AtomicU64::new(0),
            places: Arc::default(),
        }
    }

    /// A place for a connection from there, at the cost of one that waits where there is none. None when all are busy.
    pub(super) fn admit(&self, address: IpAddr) -> Option<Place> {
        let address = key_of(address);
        let mut places = lock(&self.places);
        let from_there = |entry: &Entry| entry.address == address;
        let count = places.values().filter(|entry| from_there(entry)).count();
        if count >= self.limits.per_address && !close_longest(&mut places, from_there) {
            return None;
        }
        if places.len() >= self.limits.most && !close_longest(&mut places, |_| true) {
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let entry = Entry {
            address,
            state: Arc::new(State::new(self.limits)),
            close: CancellationToken::new(),
        };
        places.insert(id, entry.clone());
        drop(places);
        Some(Place {
            id,
            entry,
            places: Arc::clone(&self.places),
        })
    }

    /// Closes the connection that has waited longest for a request.
    pub(super) fn close_longest(&self) {
        close_longest(&mut lock(&self.places), |_| true);
    }
}

/// Whether there was one. Its place is free at once.
fn close_longest(places: &mut HashMap<u64, Entry>, among: impl Fn(&Entry) -> bool) -> bool {
    let longest = places
        .iter()
        .filter(|(_, entry)| among(entry))
        .filter_map(|(id, entry)| Some((entry.state.waiting_since()?, *id)))
        .min();
    let Some((_, id)) = longest else {
        return false;
    };
    if let Some(entry) = places.remove(&id) {
        entry.close.cancel();
    }
    true
}

fn lock(places: &Mutex<HashMap<u64, Entry>>) -> MutexGuard<'_, HashMap<u64, Entry>> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    pub(super) fn state(&self) -> Arc<State> {
        Arc::clone(&self.entry.state)
    }

    /// Comes back when another connection takes the place.
    pub(super) async fn closed(&self) {
        self.entry.close.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        lock(&self.places).remove(&self.id);
    }
}

/// What a connection does.
pub(super) struct State {
    limits: DoorLimits,
    phase: Mutex<Phase>,
}

#[derive(Clone, Copy, Debug)]
struct Phase {
    /// Requests that are being answered, the bodies of their answers included.
    serving: usize,
    /// Since when it waits for a request.
    since: Instant,
    /// When the head of the next request began to come in; from the beginning for the first one.
    head: Option<Instant>,
    /// Since when the other side takes nothing of what it is sent.
    stuck: Option<Instant>,
}

/// A request that is being answered; over when dropped.
pub(super) struct Serving(Arc<State>);

impl State {
    fn new(limits: DoorLimits) -> Self {
        let now = Instant::now();
        Self {
            limits,
            phase: Mutex::new(Phase {
                serving: 0,
                since: now,
                head: Some(now),
                stuck: None,
            }),
        }
    }

    /// Something has come in.
    pub(super) fn came_in(&self) {
        let mut phase = self.phase();
        if phase.serving == 0 {
            phase.head.get_or_insert_with(Instant::now);
        }
    }

    /// Whether the other side takes what it is sent.
    pub(super) fn goes_out(&self, goes: bool) {
        let mut phase = self.phase();
        if goes {
            phase.stuck = None;
        } else {
            phase.stuck.get_or_insert_with(Instant::now);
        }
    }

    /// A request is whole.
    pub(super) fn serving(self: &Arc<Self>) -> Serving {
        let mut phase = self.phase();
        phase.serving += 1;
        phase.head = None;
        Serving(Arc::clone(self))
    }

    /// Since when it waits for a request; none while it serves one.
    fn waiting_since(&self) -> Option<Instant> {
        let phase = self.phase();
        (phase.serving == 0).then_some(phase.since)
    }

    /// When to look whether it has waited too long: what it does may have changed by then.
    pub(super) fn next_look(&self) -> Instant {
        let phase = *self.phase();
        let soon = Instant::now() + self.limits.head.max(Duration::from_secs(1));
        if phase.serving > 0 {
            soon
        } else {
            self.ends(phase).min(soon)
        }
    }

    /// Whether it has waited too long.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        let phase = *self.phase();
        let is_stuck = phase
            .stuck
            .is_some_and(|since| since + self.limits.rest <= now);
        is_stuck || (phase.serving == 0 && self.ends(phase) <= now)
    }

    fn ends(&self, phase: Phase) -> Instant {
        match phase.head {
            Some(began) => began + self.limits.head,
            None => phase.since + self.limits.rest,
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let mut phase = self.0.phase();
        phase.serving = phase.serving.saturating_sub(1);
        phase.since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn open(most: usize, per_address: usize) -> Open {
        Open::new(DoorLimits {
            most,
            per_address,
            head: Duration::from_secs(10),
            rest: Duration::from_secs(75),
        })
    }

    const ANNA: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const BEN: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[tokio::test(start_paused = true)]
    async fn where_places_run_out_the_one_that_waits_longest_goes() {
        let open = open(2, 2);
        let first = open.admit(ANNA).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let second = open.admit(BEN).unwrap();
        let _third = open.admit(BEN).unwrap();
        assert!(first.entry.close.is_cancelled());
        assert!(!second.entry.close.is_cancelled());
    }

    #[tokio::test]
    async fn one_that_is_being_served_keeps_its_place() {
        let open = open(2, 1);
        let first = open.admit(ANNA).unwrap();
        let serving = first.state().serving();
        assert!(open.admit(ANNA).is_none(), "one place per address");
        assert!(open.admit(BEN).is_some(), "others have theirs");
        drop(serving);
        assert!(open.admit(ANNA).is_some());
        assert!(first.entry.close.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_head_ends_sooner_than_a_rest_between_requests() {
        let open = open(2, 2);
        let place = open.admit(ANNA).unwrap();
        let state = place.state();
        let now = Instant::now();
        let is_over = |seconds| state.is_over(now + Duration::from_secs(seconds));
        assert!(is_over(10) && !is_over(9), "the first");
        drop(state.serving());
        assert!(is_over(75) && !is_over(74), "at rest");
        tokio::time::advance(Duration::from_secs(5)).await;
        state.goes_out(false);
        state.goes_out(true);
        state.came_in();
        assert!(is_over(15) && !is_over(14), "half a head");
        assert!(state.next_look() <= now + Duration::from_secs(15));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_takes_ends_too() {
        let open = open(2, 2);
        let place = open.admit(ANNA).unwrap();
        let state = place.state();
        let _serving = state.serving();
        tokio::time::advance(Duration::from_mins(10)).await;
        assert!(!state.is_over(Instant::now()), "a long answer is none");
        state.goes_out(false);
        tokio::time::advance(Duration::from_secs(76)).await;
        assert!(state.is_over(Instant::now()));
    }
}
