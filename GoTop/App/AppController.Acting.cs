using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.App.Acting;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;

namespace GoTop.App;

/// <summary>The part about acting on the target: the picker of cores, the service, the question before, what came of it.</summary>
public sealed partial class AppController
{
    /// <summary>The machine's cores as last read; null while they are not.</summary>
    public HostCounters? HostNow => Shown?.Now.Facts.Host.ValueOr(null);

    public void ShowCores()
    {
        if (WhyNoActing() is { } why)
        {
            Say(why);
        }
        else if (HostNow is not { } host || Shown?.Now.Process.AllowedCores.TryGet(out CoreSet? now) != true)
        {
            Say("Its cores are not known yet.");
        }
        else
        {
            Host.ReadActing();
            int core = now!.Count > 0 ? now.Cores[0] : host.Topology.Cores[0].Id;
            Open(ActingFace.Cores, choice => choice with { Cores = new CoreChoice(now, now, core, null) });
        }
    }

    public void ShowService()
    {
        // Of a service that has ended as well: it may be started again.
        if (Host.WhyNoActing is { } why)
        {
            Say(why);
            return;
        }

        Host.ReadActing();
        Open(ActingFace.Service, choice => choice with { Row = 0 });
    }

    public void RestartWith(string environment)
    {
        if (WhyNoActing() is { } why)
        {
            Say(why);
            return;
        }

        ImmutableArray<string> assignments = [.. environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Open(ActingFace.Service, choice => choice);
        Ask(new ActingRequest.Restart(State.Acting!.Capture, assignments));
    }

    /// <summary>A key while an overlay of acting is open.</summary>
    public void ActingKey(KeyStroke key)
    {
        if (State.Acting is not { } choice)
        {
            State = State with { Mode = InputMode.Normal };
            return;
        }

        bool leaves = key is { Name: "esc" } or { Name: "", Ctrl: false, Alt: false, Character.Value: 'q' };
        if (choice.IsAsking) Answer(choice, key);
        else if (leaves) State = State with { Mode = InputMode.Normal };
        else if (choice.Face == ActingFace.Outcome) OutcomeKey(key);
        else if (choice.Face == ActingFace.Cores) CoresKey(choice, key);
        else ServiceKey(choice, key);
    }

    private string? WhyNoActing() => Host.WhyNoActing ?? (Shown?.Now.TargetEnded is { } ended ? $"There is nothing to act on: {ended}." : null);

    private void Open(ActingFace face, Func<ActingChoice, ActingChoice> change)
    {
        // What is under way is shown first: two actions at a time are none.
        ActingChoice choice = change((State.Acting ?? new ActingChoice(face, face, 0)) with { Before = face });
        State = State with { Mode = InputMode.Acting, Acting = choice with { Face = Facts.Acting.IsRunning ? ActingFace.Outcome : face } };
    }

    private void Ask(ActingRequest request)
    {
        Host.PlanActing(request);
        Facts = Host.Facts;
        State = State with { Acting = State.Acting! with { Face = ActingFace.Confirm } };
    }

    /// <summary>Only a deliberate y, and for production then a deliberate Y: Enter and Space are pressed too easily.</summary>
    private void Answer(ActingChoice choice, KeyStroke key)
    {
        ActingStatus status = Facts.Acting;
        bool plain = key is { Name: "", Ctrl: false, Alt: false };
        bool canRun = status is { Planned: not null, Refusal: null };
        if (choice.Face == ActingFace.Confirm && canRun && plain && key.Character.Value == 'y')
        {
            if (status.Production) State = State with { Acting = choice with { Face = ActingFace.ConfirmProduction } };
            else Run(choice);
        }
        else if (choice.Face == ActingFace.ConfirmProduction && canRun && plain && key.Character.Value == 'Y')
        {
            Run(choice);
        }
        else
        {
            Say("Nothing was done.");
            State = State with { Acting = choice with { Face = choice.Before } };
        }
    }

    private void Run(ActingChoice choice)
    {
        Host.RunActing();
        Facts = Host.Facts;
        State = State with { Acting = choice with { Face = ActingFace.Outcome } };
    }

    private void CoresKey(ActingChoice choice, KeyStroke key)
    {
        if (HostNow is not { } host || choice.Cores is not { } cores) return;
        if (key is not { Name: "enter" })
        {
            State = State with { Acting = choice with { Cores = new CoreGrid(host, CoresFace.InnerWidth(_paneSize.Width)).After(cores, key) } };
            return;
        }

        bool moves = !cores.Chosen.Equals(cores.Now);
        if (cores.Chosen.Count == 0) Say("No core is chosen: space chooses.");
        else if (!moves && cores.Priority is null) Say("Nothing is changed: it has these cores already.");
        else Ask(new ActingRequest.Schedule(moves ? cores.Chosen : null, cores.Priority));
    }

    private void ServiceKey(ActingChoice choice, KeyStroke key)
    {
        ImmutableArray<ServiceAction> actions = ServiceAction.All;
        switch (key)
        {
            case { Name: "up" } or { Name: "", Character.Value: 'k' }:
                State = State with { Acting = choice with { Row = Math.Max(0, choice.Row - 1) } };
                break;
            case { Name: "down" } or { Name: "", Character.Value: 'j' }:
                State = State with { Acting = choice with { Row = Math.Min(actions.Length - 1, choice.Row + 1) } };
                break;
            case { Name: "", Character.Value: '+' or '=' or '-' }:
                State = State with { Acting = choice with { RecoveryDelay = ServiceAction.Next(choice.RecoveryDelay, longer: key.Character.Value != '-') } };
                break;
            case { Name: "", Character.Value: 'e' }:
                State = State with { Acting = choice with { Capture = !choice.Capture } };
                break;
            case { Name: "enter" } when Facts.Acting.Service.TryGet(out ServiceStatus? service):
                if (actions[choice.Row].WhyNot(service) is { } whyNot) Say($"{actions[choice.Row].Title(choice)}: {whyNot}.");
                else Ask(actions[choice.Row].Request(choice));
                break;
        }
    }

    private void OutcomeKey(KeyStroke key)
    {
        ControlProgress? progress = Facts.Acting.Progress;
        if (key is { Name: "", Character.Value: 'x' or 'X' } && progress is { IsOver: false }) Host.CancelActing();
        else if (key is { Name: "", Character.Value: 'u' } && progress is { IsOver: true } && Facts.Acting.CanUndo) Ask(new ActingRequest.Undo());
    }
}
