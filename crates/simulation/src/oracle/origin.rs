use tidemark_domain::{Scope, runs::RunId};
use tidemark_testkit::Thing;

use super::{State, Things, changes::table_called};

/// Where something comes from that was not there in the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A run asked for it.
    Run(RunId),
    /// Somebody outside the console.
    Outsider,
    /// AWS by itself, such as the backup that it keeps of a deleted table.
    Aws,
}

impl State {
    pub(super) fn origin(&self, scope: &Scope, key: &str) -> Option<Origin> {
        self.origins.get(&(scope.clone(), key.to_owned())).copied()
    }

    pub(super) fn set_origin(&mut self, scope: &Scope, key: &str, origin: Origin) {
        self.origins.insert((scope.clone(), key.to_owned()), origin);
        self.touch(scope, key, origin);
    }

    /// Notes who changed it last.
    pub(super) fn touch(&mut self, scope: &Scope, key: &str, by: Origin) {
        self.touched.insert((scope.clone(), key.to_owned()), by);
    }

    /// Whether nobody outside ever changed it, and no run for another form did last.
    pub(super) fn untouched_since(&self, scope: &Scope, key: &str, run: RunId) -> bool {
        let thing = (scope.clone(), key.to_owned());
        let last = self.touched.get(&thing);
        !self.meddled.contains(&thing) && last.is_none_or(|last| self.same_ask(*last, run))
    }

    /// Whether a run made it, or one for the same form: what is begun again goes on with what there is.
    pub(super) fn is_of(&self, scope: &Scope, key: &str, run: RunId) -> bool {
        let origin = self.origin(scope, key);
        origin.is_some_and(|origin| self.same_ask(origin, run))
    }

    fn same_ask(&self, origin: Origin, run: RunId) -> bool {
        let Origin::Run(maker) = origin else {
            return false;
        };
        let ask = |run: RunId| self.runs.get(&run).and_then(|known| known.ask);
        maker == run || (ask(maker).is_some() && ask(maker) == ask(run))
    }

    /// What appeared without a call is the work of a job, which a run had asked for.
    pub(super) fn note_by_itself(&mut self, scope: &Scope, before: &Things, after: &Things) {
        for (key, _) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            let maker = after.iter().find_map(|(id, thing)| match thing {
                Thing::Job(_, Some(made)) if made.as_str() == key => Some(id.clone()),
                _ => None,
            });
            let origin = maker.and_then(|job| self.origin(scope, &job));
            self.set_origin(scope, key, origin.unwrap_or(Origin::Aws));
        }
    }

    /// Somebody outside has deleted a table. Where the answer to the restore was lost, the run that made it cannot tell
    /// that from a restore that never began, since the calls of `DynamoDB` take no token: it may ask once more.
    fn forgive_lost(&mut self, scope: &Scope, key: &str, name: &str) {
        let Some(Origin::Run(maker)) = self.origin(scope, key) else {
            return;
        };
        if let Some(known) = self.runs.get_mut(&maker)
            && let Some(step) = known.view.step("create-table")
            && step.work.finished_at.is_none()
        {
            known.made.remove(&table_called(name));
        }
    }

    /// What somebody outside has touched is as they left it, not as a run did.
    pub(super) fn note_outsider(&mut self, scope: &Scope, before: &Things, after: &Things) {
        let touched: Vec<String> = before
            .keys()
            .chain(after.keys())
            .filter(|key| before.get(*key) != after.get(*key))
            .cloned()
            .collect();
        for key in touched {
            if !before.contains_key(&key) {
                self.set_origin(scope, &key, Origin::Outsider);
            }
            if let (Some(Thing::Table(table)), None) = (before.get(&key), after.get(&key)) {
                self.forgive_lost(scope, &key, &table.name);
            }
            self.touch(scope, &key, Origin::Outsider);
            self.meddled.insert((scope.clone(), key));
        }
    }
}
