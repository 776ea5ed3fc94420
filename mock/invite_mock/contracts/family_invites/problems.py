"""What family-invites refuses."""

from invite_mock.http.problems import Problem, Problems

# The statuses: /paths/~1v1~1families~1{id}~1invite/post/responses; the page names no codes, so these are ours.
PROBLEMS: Problems = {
    "Family.NoEmail": Problem(
        400,
        "No email is given, and none is known for the primary contact of this family.",
        "Send one as `email`.",
    ),
    "Family.Forbidden": Problem(
        403,
        "Not authorized: the family belongs to another company than the caller.",
        "Invite a family of the caller's company.",
    ),
    "Family.NotFound": Problem(404, "Not found: there is no such family.", "Use the id of one that exists."),
}
