# Starts sixty helpers in the background, half of them in their own sessions, and waits for them.
for i in $(seq 30); do
  sleep 100 &
  setsid sleep 100 &
done
wait
