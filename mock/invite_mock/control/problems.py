"""What the control API refuses."""

from invite_mock.http.problems import Problem, Problems

PROBLEMS: Problems = {
    "World.Unknown": Problem(
        404, "There is no such world.", "Create it, or send a request to a path that begins with /@NAME."
    ),
    "World.Exists": Problem(409, "A world of that name exists.", "Reset or delete it, or choose another name."),
    "World.Undeletable": Problem(409, "The world main cannot be deleted.", "Reset it."),
    "World.InvalidDocument": Problem(
        400, "The state is not a valid world document.", "Correct the place that the detail names."
    ),
    "Clock.OutOfRange": Problem(
        400, "A clock cannot be set to that instant.", "Send another instant, or a duration such as P7D."
    ),
    "Invite.Unknown": Problem(404, "The world has no invite with that id.", "List the world's invites."),
    "Invite.IllegalMove": Problem(
        409, "The invite's status does not allow the action.", "Choose an invite that is outstanding."
    ),
    "Invite.Ambiguous": Problem(
        409, "Several contracts have an invite with that id.", "Name one as the query parameter `contract`."
    ),
    "Request.Unknown": Problem(404, "The journal has no request with that id.", "List the world's requests."),
    "Request.Unrepeatable": Problem(
        409, "The request was not kept as it was sent.", "Send it again from where it was sent."
    ),
    "Journal.Off": Problem(
        409, "The mock keeps no journal.", "Start it without --no-journal; what was not kept cannot be verified."
    ),
    "Control.Forbidden": Problem(
        403,
        "The control API answers only the mock's own pages and programs on this machine.",
        "Call it by the address that the mock printed when it started, not from a page of another origin.",
    ),
    "Control.Unauthorized": Problem(
        401,
        "The control token is missing or wrong.",
        "Send the value of --control-token as `Authorization: Bearer TOKEN`.",
    ),
}
