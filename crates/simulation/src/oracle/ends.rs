//! Whether what a run says of its end is so.

use std::collections::BTreeSet;

use tidemark_domain::{
    Arn, PutBack, Scope, TableSettings,
    change::{ItemFilter, ItemState, RunItem},
    plan::Lifecycle,
    runs::RunId,
};
use tidemark_services::ports::RunItems as _;
use tidemark_testkit::{TableThing, Thing, build};

use super::{Known, Oracle, Rule, State, Things, Wants, origin::Origin};

/// How a run ended, as far as that says what there must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Everything asked for is there.
    Whole,
    /// What is missing is named.
    InPart,
    /// Nothing is left, or what is left is named.
    Nothing,
}

/// What is wrong.
type Wrong = Vec<(Rule, String)>;

impl Oracle {
    /// A run's log has just said that it has ended.
    pub(super) fn check_end(&self, run: RunId) {
        let scopes: Vec<Scope> = self.lock().things.keys().cloned().collect();
        for scope in &scopes {
            self.look(scope);
        }
        let at = self.time.elapsed();
        let mut state = self.lock();
        let wrong = {
            let Some(known) = state.runs.get(&run) else {
                return;
            };
            let Some(wants) = state.wants(run) else {
                return;
            };
            let end = match known.view.state.as_str() {
                "succeeded" => End::Whole,
                "succeeded_with_warnings" | "partly_failed" => End::InPart,
                _ => End::Nothing,
            };
            let judge = Judge {
                state: &state,
                known,
                run,
                end,
            };
            match wants {
                Wants::Table {
                    scope,
                    name,
                    items,
                    settings,
                } => judge.table(scope, name, *items, settings),
                Wants::Resource { scope, .. } => judge.resource(scope),
                Wants::Backups { scope, of, .. } => judge.backups(scope, of),
                Wants::Gone { .. } => judge.items(&self.items_of(known), |_| true),
                Wants::Kept { days, .. } => judge.items(&self.items_of(known), |kept| {
                    kept == days.map(|days| days * 24)
                }),
                Wants::Plan { ids, name, days } => ids
                    .iter()
                    .flat_map(|(scope, id)| judge.plan(scope, id.as_deref(), name, *days))
                    .collect(),
                Wants::NoPlan { scope, id } => judge.no_plan(scope, id),
                Wants::Capture { table, bucket } => self
                    .wrong_capture(table, bucket)
                    .filter(|_| end == End::Whole)
                    .map(|what| judge.untrue(what))
                    .into_iter()
                    .collect(),
            }
        };
        for (rule, what) in wrong {
            state.violate(&self.trace, at, rule, what);
        }
    }

    /// The list of a run, as the store has it.
    fn items_of(&self, known: &Known) -> Vec<RunItem> {
        let Some(list) = known.list else {
            return Vec::new();
        };
        let filter = ItemFilter {
            limit: Some(1000),
            ..ItemFilter::default()
        };
        let page = futures::FutureExt::now_or_never(self.items.page(list, &filter));
        page.and_then(Result::ok)
            .map(|page| page.items)
            .unwrap_or_default()
    }
}

struct Judge<'a> {
    state: &'a State,
    known: &'a Known,
    run: RunId,
    end: End,
}

impl Judge<'_> {
    fn things(&self, scope: &Scope) -> Option<&Things> {
        self.state.things.get(scope)
    }

    fn untrue(&self, what: impl std::fmt::Display) -> (Rule, String) {
        let Known { name, view, .. } = self.known;
        let text = format!("{name} says {}, but {what}", view.state);
        (Rule::TellTheTruth, text)
    }

    fn unnamed(&self, what: impl std::fmt::Display) -> (Rule, String) {
        let Known { name, view, .. } = self.known;
        let text = format!("{name} is {} and leaves {what} without a word", view.state);
        (Rule::NameWhatIsLeft, text)
    }

    fn names(&self, what: &str) -> bool {
        self.known.words.contains(what)
    }

    fn is_ours(&self, scope: &Scope, key: &str) -> bool {
        self.state.is_of(scope, key, self.run)
    }

    /// The jobs of the run.
    fn jobs(&self, scope: &Scope) -> Vec<(String, String, Option<Arn>, Option<Arn>)> {
        let things = self.things(scope).into_iter().flatten();
        things
            .filter(|(key, _)| self.is_ours(scope, key))
            .filter_map(|(_, thing)| match thing {
                Thing::Job(job, made) => Some((
                    job.id.clone(),
                    job.status.clone(),
                    job.resource_arn.clone(),
                    made.clone().or_else(|| job.point_arn.clone()),
                )),
                _ => None,
            })
            .collect()
    }

    /// Jobs that go on, or have made something that is there, are named by a run that says it left
    /// nothing: by themselves, by what they made, or as a step that could not be undone.
    fn left_jobs(&self, scope: &Scope, goes_on_only: bool) -> Wrong {
        let things = self.things(scope);
        let there = |made: &Arn| things.is_some_and(|all| all.contains_key(made.as_str()));
        let left = |status: &str, made: Option<&Arn>| match status {
            "CREATED" | "PENDING" | "RUNNING" => true,
            "COMPLETED" => !goes_on_only && made.is_some_and(there),
            _ => false,
        };
        let named = |id: &str, made: Option<&Arn>| {
            self.names(id) || made.is_some_and(|made| self.names(made.as_str()))
        };
        let not_undone = self.known.view.leftovers().next().is_some();
        self.jobs(scope)
            .into_iter()
            .filter(|job| self.made_itself(scope, &format!("job/{}", job.0)))
            .filter(|(id, status, _, made)| {
                left(status, made.as_ref()) && !named(id, made.as_ref()) && !not_undone
            })
            .map(|(id, status, ..)| self.unnamed(format_args!("job {id}, which is {status},")))
            .collect()
    }

    /// Whether the run made it, and none before it for the same form.
    fn made_itself(&self, scope: &Scope, key: &str) -> bool {
        self.state.origin(scope, key) == Some(Origin::Run(self.run))
    }

    fn table(&self, scope: &Scope, name: &str, items: i64, settings: &TableSettings) -> Wrong {
        let key = build::table_arn(scope, name).to_string();
        let table = match self.things(scope).and_then(|things| things.get(&key)) {
            Some(Thing::Table(table)) => Some(table),
            _ => None,
        };
        if self.end == End::Nothing {
            let mut wrong = self.left_jobs(scope, false);
            let left = table.filter(|table| table.status != "DELETING");
            let by_job = self.jobs(scope).iter().any(|(id, ..)| self.names(id));
            let named = self.names(name) || by_job || !wrong.is_empty();
            if left.is_some() && self.made_itself(scope, &key) && !named {
                wrong.push(self.unnamed(format_args!("table {name}")));
            }
            return wrong;
        }
        if !self.state.untouched_since(scope, &key, self.run) {
            return Vec::new();
        }
        let Some(table) = table else {
            return vec![self.untrue(format_args!("there is no table {name}"))];
        };
        let mut wrong = Vec::new();
        if !self.is_ours(scope, &key) {
            wrong.push(self.untrue(format_args!("table {name} is not what it made")));
        }
        if !matches!(table.status.as_str(), "ACTIVE" | "UPDATING") {
            wrong.push(self.untrue(format_args!("table {name} is {}", table.status)));
        }
        if table.items != items {
            let has = table.items;
            wrong.push(self.untrue(format_args!("{name} has {has} items and not {items}")));
        }
        wrong.extend(self.settings(table, settings));
        wrong
    }

    fn settings(&self, table: &TableThing, wanted: &TableSettings) -> Wrong {
        let TableSettings {
            stream_view,
            ttl_attribute,
            tags,
            pitr_days,
            scaling,
            deletion_protection,
        } = &table.settings;
        let there = |what: PutBack| match what {
            PutBack::Stream => wanted.stream_view.is_none() || *stream_view == wanted.stream_view,
            PutBack::TimeToLive => {
                wanted.ttl_attribute.is_none() || *ttl_attribute == wanted.ttl_attribute
            }
            PutBack::Tags => wanted
                .tags
                .iter()
                .all(|(key, tag)| tags.get(key) == Some(tag)),
            PutBack::PointInTimeRecovery => {
                wanted.pitr_days.is_none() || *pitr_days == wanted.pitr_days
            }
            PutBack::AutoScaling => scaling.len() >= wanted.scaling.len(),
            PutBack::DeletionProtection => !wanted.deletion_protection || *deletion_protection,
        };
        let missing = PutBack::ALL.into_iter().filter(|what| !there(*what));
        missing
            .filter(|what| {
                let step = what.as_str().replace('_', "-");
                self.end == End::Whole || !self.names(&step)
            })
            .map(|what| self.untrue(format_args!("{} lacks its {}", table.name, what.label())))
            .collect()
    }

    fn resource(&self, scope: &Scope) -> Wrong {
        if self.end == End::Nothing {
            return self.left_jobs(scope, false);
        }
        let done = self.jobs(scope).into_iter().any(|(_, status, _, made)| {
            let there = |made: Arn| {
                let things = self.things(scope);
                things.is_some_and(|things| things.contains_key(made.as_str()))
            };
            status == "COMPLETED" && made.is_some_and(there)
        });
        if done {
            Vec::new()
        } else {
            vec![self.untrue("no restore job of it has made anything")]
        }
    }

    fn backups(&self, scope: &Scope, of: &BTreeSet<Arn>) -> Wrong {
        if self.end == End::Nothing {
            return self.left_jobs(scope, true);
        }
        let jobs = self.jobs(scope);
        let done = |resource: &&Arn| {
            jobs.iter().any(|(_, status, backed_up, _)| {
                status == "COMPLETED" && backed_up.as_ref() == Some(*resource)
            })
        };
        let missing = of.iter().filter(|resource| !done(resource));
        missing
            .filter(|resource| self.end == End::Whole || !self.names(resource.as_str()))
            .map(|resource| self.untrue(format_args!("{resource} has no new recovery point")))
            .collect()
    }

    /// A list of points: `right` says whether a point that is there has the lifecycle asked for, by
    /// the hours that it is kept.
    fn items(&self, items: &[RunItem], right: impl Fn(Option<i64>) -> bool) -> Wrong {
        let mut wrong = Vec::new();
        let deletes = self.known.view.kind == "delete_points";
        for item in items {
            let scope = Scope {
                account: item.account.clone(),
                region: item.region.clone(),
            };
            let there = match self.things(&scope).and_then(|t| t.get(item.point.as_str())) {
                Some(Thing::Point(point)) => Some(point),
                _ => None,
            };
            let kept = there.map(|point| {
                let kept = point
                    .delete_at
                    .map(|at| at.duration_since(point.created_at));
                right(kept.map(|kept| kept.as_hours()))
            });
            let number = item.number;
            match item.state {
                ItemState::Done if deletes && there.is_some() => {
                    wrong.push(self.untrue(format_args!("point {number} is still there")));
                }
                ItemState::Done
                    if !deletes
                        && kept == Some(false)
                        && self
                            .state
                            .untouched_since(&scope, item.point.as_str(), self.run) =>
                {
                    wrong.push(self.untrue(format_args!("point {number} is kept otherwise")));
                }
                ItemState::Failed | ItemState::Pending | ItemState::Asked
                    if self.end == End::Whole =>
                {
                    wrong.push(self.untrue(format_args!("point {number} is {:?}", item.state)));
                }
                ItemState::Pending if self.known.gone.contains(item.point.as_str()) => {
                    wrong.push(self.untrue(format_args!("it deleted point {number}")));
                }
                _ => {}
            }
        }
        wrong
    }

    fn plan(&self, scope: &Scope, id: Option<&str>, name: &str, days: i64) -> Wrong {
        let things = self.things(scope).into_iter().flatten();
        let plans = things.filter_map(|(key, thing)| match thing {
            Thing::Plan(plan, selections) => Some((key, plan, selections)),
            _ => None,
        });
        let mut found = None;
        for (key, plan, selections) in plans {
            let (wanted, called_so) = match id {
                Some(id) => (*key == format!("plan/{id}"), false),
                // What it made is its own also where somebody has given it another name since.
                None => (self.is_ours(scope, key), plan.backup_plan_name == name),
            };
            if wanted || (called_so && found.is_none()) {
                found = Some((key, plan, selections));
            }
            if wanted {
                break;
            }
        }
        let account = &scope.account;
        if self.end == End::Nothing {
            let left = found.filter(|(key, ..)| id.is_none() && self.made_itself(scope, key));
            return left
                .filter(|_| !self.names(name) && !self.names(account.as_str()))
                .map(|_| self.unnamed(format_args!("plan {name} in {account}")))
                .into_iter()
                .collect();
        }
        if let Some((key, ..)) = found
            && !self.state.untouched_since(scope, key, self.run)
        {
            return Vec::new();
        }
        let right = found.is_some_and(|(_, plan, selections)| {
            let kept = |rule: &tidemark_domain::plan::BackupRule| {
                rule.lifecycle.as_ref().and_then(Lifecycle::delete_after) == Some(days)
            };
            plan.rules.iter().all(kept) && selections.len() == 1
        });
        if right || (self.end == End::InPart && self.names(account.as_str())) {
            return Vec::new();
        }
        vec![self.untrue(format_args!("plan {name} in {account} is not as asked for"))]
    }

    fn no_plan(&self, scope: &Scope, id: &str) -> Wrong {
        let key = format!("plan/{id}");
        let found = self.things(scope).and_then(|things| things.get(&key));
        match (self.end, found) {
            (End::Whole | End::InPart, Some(_)) => vec![self.untrue("the plan is still there")],
            (End::Nothing, Some(Thing::Plan(_, selections)))
                if selections.is_empty()
                    && self.state.untouched_since(scope, &key, self.run)
                    && !self.names("selection") =>
            {
                vec![self.unnamed("the plan without its selections")]
            }
            _ => Vec::new(),
        }
    }
}
