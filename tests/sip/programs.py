"""Phones that others wrote: sipp by scenarios that are written here, and baresip."""

import subprocess
import wave
from pathlib import Path

from tests.sip.running import HOST, free_port
from tests.waiting import until

NAMES = """
  Via: SIP/2.0/[transport] [local_ip]:[local_port];rport;branch=[branch]
  From: <sip:{user}@{domain}>;tag=[pid]SIPp[call_number]
  Call-ID: [call_id]
  Max-Forwards: 70
"""
CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="calls">
  <send retrans="500"><![CDATA[
{invite}
  CSeq: 1 INVITE
  Content-Type: application/sdp
  Content-Length: [len]

{sdp}
  ]]></send>
  <recv response="407" auth="true"/>
  <send><![CDATA[
  ACK sip:{called}@{domain} SIP/2.0
{names}  [last_To:]
  CSeq: 1 ACK
  Content-Length: 0
  ]]></send>
  <send retrans="500"><![CDATA[
{invite}
  CSeq: 2 INVITE
  [authentication username={user} password={password}]
  Content-Type: application/sdp
  Content-Length: [len]

{sdp}
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[
  ACK [next_url] SIP/2.0
  [routes]
{names}  [last_To:]
  CSeq: 2 ACK
  Content-Length: 0
  ]]></send>
  <pause milliseconds="{talks}"/>
  <send retrans="500"><![CDATA[
  BYE [next_url] SIP/2.0
  [routes]
{names}  [last_To:]
  CSeq: 3 BYE
  Content-Length: 0
  ]]></send>
  <recv response="200"/>
</scenario>
"""
SDP = """  v=0
  o=- 1 1 IN IP[local_ip_type] [local_ip]
  s=-
  c=IN IP[media_ip_type] [media_ip]
  t=0 0
  m=audio [media_port] RTP/AVP 0
  a=rtpmap:0 PCMU/8000"""


def calls(
    folder: Path,
    switch: tuple[str, int],
    user: str,
    domain: str,
    password: str,
    called: str,
    *,
    times: int = 1,
    tcp: bool = False,
) -> None:
    """Sipp calls somebody who answers, some times at once, and hangs up after a moment."""
    names = NAMES.format(user=user, domain=domain).lstrip("\n")
    contact = f"  To: <sip:{called}@{domain}>\n  Contact: <sip:{user}@[local_ip]:[local_port];transport=[transport]>"
    invite = f"  INVITE sip:{called}@{domain} SIP/2.0\n{names}{contact}"
    scenario = folder / "caller.xml"
    facts = {"user": user, "domain": domain, "password": password, "called": called, "talks": 200}
    scenario.write_text(CALLER.format(invite=invite, names=names, sdp=SDP, **facts))
    command = [
        "sipp",
        f"{switch[0]}:{switch[1]}",
        "-sf",
        scenario,
        "-nostdin",
        "-m",
        times,
        "-r",
        20,
        "-i",
        HOST,
        "-p",
        free_port(),
    ]
    command += ["-mp", free_port(), "-timeout", "60s", "-timeout_error", "-t", "t1" if tcp else "u1", "-trace_err"]
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False, timeout=90)
    errors = "".join(path.read_text() for path in folder.glob("*errors.log"))
    assert done.returncode == 0, errors[-2000:] + done.stdout[-2000:]


class Baresip:
    """Signs in and answers every call by itself."""

    def __init__(self, folder: Path, switch: tuple[str, int], user: str, domain: str, password: str) -> None:
        self._folder = folder
        port = free_port()
        (folder / "config").write_text(
            f"sip_listen {HOST}:{port}\nnet_interface {HOST}\nrtp_ports 20000-29000\nmodule_path /usr/lib/baresip/modules\n"
            f"audio_source aufile,{folder}/quiet.wav\naudio_player aufile,/dev/null\naudio_alert aufile,/dev/null\n"
            "module g711.so\nmodule aufile.so\nmodule_app account.so\nmodule_app menu.so\n"
        )
        host, number = switch
        (folder / "accounts").write_text(
            f'<sip:{user}@{domain}>;auth_pass={password};outbound="sip:{host}:{number}";answermode=auto;regint=600\n'
        )
        (folder / "contacts").write_text("")
        _quiet(folder / "quiet.wav")
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["baresip", "-f", folder, "-v"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def until(self, words: str) -> None:
        until(lambda: words in self.log, f"“{words}” of baresip")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _quiet(path: Path) -> None:
    """A second of silence."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
