def shape(order):
    return {"id": order.pk, "status": str(order.state), "duration": order.seconds}
